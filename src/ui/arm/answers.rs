//! Every worker's answer as text, and the aggregators' below the last one.

use leptos::prelude::With;

use crate::analysis::recording::{Recording, Text};
use crate::analysis::words;
use crate::engine::call::{Answer, Reply};
use crate::engine::patterns::Planned;
use crate::engine::patterns::voting::tally::{Ballot, Tally};
use crate::providers::answer::so_far;
use crate::scenario::ArmKind;
use crate::ui::parts::painted::{Markup, button, element};
use crate::ui::workspace::Workspace;

/// One answer as it stands on the page.
#[derive(Clone, PartialEq)]
struct AnswerLine {
    key: String,
    label: String,
    text: Vec<Markup>,
    /// What stands small behind the label.
    aside: String,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Streaming,
    Answered,
    Failed,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Streaming => "streaming",
            State::Answered => "answered",
            State::Failed => "failed",
        }
    }
}

/// The answers, and whether they are shown in full.
pub fn answers(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let in_full = workspace.in_full[kind.index()].get();
    let words = if in_full { "Shorten" } else { "Show in full" };
    let head = element("div").class("answers-head").children(vec![
        element("h3").text("Answers"),
        button("button button-quiet", format!("in-full {}", kind.index()), words),
    ]);
    // A list that is cut short scrolls, by keyboard too.
    let list = element("ul").with("aria-label", "Answers").with("tabindex", "0");
    vec![head, list.with("data-short", (!in_full).to_string()).children(items(workspace, kind))]
}

/// The page stays as quick as it is with more calls than anybody reads.
const MOST_LINES: usize = 50;

fn items(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let tally = (kind == ArmKind::Voting).then(|| workspace.tally()).flatten();
    workspace.shown[kind.index()].with(|shown| match shown {
        Some(shown) => {
            let lines = lines(&shown.recording, tally);
            let more = shown.recording.plan.len().saturating_sub(MOST_LINES);
            let more = (more > 0).then(|| element("li").class("hint").text(format!("and {more} more")));
            lines.into_iter().map(item).chain(more).collect()
        }
        None => Vec::new(),
    })
}

fn item(line: AnswerLine) -> Markup {
    let aside = element("small").text(line.aside);
    let label = element("span").class("answer-label");
    let label = label.children(vec![Markup::Text(format!("{} ", line.label)), aside]);
    element("li")
        .class("answer")
        .with("data-result", line.key)
        .with("data-state", line.state.as_str())
        .children(vec![label])
        .children(line.text)
}

fn lines(recording: &Recording, tally: Option<Tally>) -> Vec<AnswerLine> {
    let ballots = tally.map(|tally| tally.ballots).unwrap_or_default();
    let calls = recording.plan.iter().zip(&recording.texts).enumerate().take(MOST_LINES);
    calls.map(|(i, (planned, text))| line(planned, text, ballots.get(i).and_then(Option::as_ref))).collect()
}

fn line(planned: &Planned, text: &Text, ballot: Option<&Ballot>) -> AnswerLine {
    let (shown, state) = match &text.result {
        Some(Ok(reply)) => (written(&reply.answer), State::Answered),
        Some(Err(failed)) => (plain(words::failed(failed)), State::Failed),
        None if text.let_go => (plain(words::LET_GO), State::Answered),
        None if !text.partial.is_empty() => (plain(so_far(&text.partial)), State::Streaming),
        None => match text.errors.last() {
            Some(error) => (plain(format!("{} Trying again.", words::met(error))), State::Waiting),
            None => (plain("Waiting."), State::Waiting),
        },
    };
    let aside = match (&text.result, ballot) {
        (Some(Ok(reply)), Some(ballot)) => counted(reply, ballot),
        _ => String::new(),
    };
    AnswerLine { key: planned.key.clone(), label: planned.label.clone(), text: shown, aside, state }
}

fn plain(text: impl Into<String>) -> Vec<Markup> {
    vec![element("p").with("dir", "auto").text(text)]
}

/// A complete answer as it is shown.
pub fn written(answer: &Answer) -> Vec<Markup> {
    match answer {
        Answer::Points { content, key_points } => {
            let mut drawn = vec![Markup::Formatted(content.clone())];
            if !key_points.is_empty() {
                let point = |point: &String| element("li").children(vec![Markup::Formatted(point.clone())]);
                drawn.push(element("ul").class("points").children(key_points.iter().map(point).collect()));
            }
            drawn
        }
        // A vote is a word, and “1.” is no list.
        Answer::Vote { answer, reasoning, .. } if reasoning.is_empty() => plain(answer),
        Answer::Vote { answer, reasoning, .. } => plain(format!("{answer}. {reasoning}")),
        answer => vec![Markup::Formatted(answer.main_text().to_string())],
    }
}

/// How a vote was counted, where that is not plain from its words.
fn counted(reply: &Reply, ballot: &Ballot) -> String {
    let Some(key) = &ballot.key else { return "counted as an abstention".to_string() };
    let confidence = match &reply.answer {
        Answer::Vote { confidence: Some(confidence), .. } => {
            format!(", confidence {} %", (confidence * 100.0).round() as u32)
        }
        _ => String::new(),
    };
    format!("counted as “{key}”{confidence}")
}
