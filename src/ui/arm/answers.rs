//! Every worker's answer as text, and the aggregators' below the last one.

use leptos::prelude::*;

use crate::analysis::recording::{Recording, Text};
use crate::analysis::words;
use crate::engine::call::{Answer, Reply};
use crate::engine::patterns::Planned;
use crate::engine::patterns::voting::tally::{Ballot, Tally};
use crate::scenario::ArmKind;
use crate::ui::parts::button::Button;
use crate::ui::parts::painted::{Markup, element, painted};
use crate::ui::workspace::Workspace;

/// One answer as it stands on the page.
#[derive(Clone, PartialEq)]
struct AnswerLine {
    key: String,
    label: String,
    text: String,
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

#[component]
pub fn Answers(kind: ArmKind) -> impl IntoView {
    let in_full = RwSignal::new(false);
    view! {
        <div class="answers">
            <div class="answers-head">
                <h3>"Answers"</h3>
                <Button
                    kind="quiet"
                    text=Signal::derive(move || if in_full.get() { "Shorten" } else { "Show in full" }.to_string())
                    on_click=move |()| in_full.update(|full| *full = !*full)
                />
            </div>
            <ul
                data-short=move || (!in_full.get()).to_string()
                use:painted=Workspace::expect().picture(kind, answers)
            ></ul>
        </div>
    }
    .into_any()
}

/// The page stays as quick as it is with more calls than anybody reads.
const MOST_LINES: usize = 400;

fn answers(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
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
        .children(vec![label, element("p").with("dir", "auto").text(line.text)])
}

fn lines(recording: &Recording, tally: Option<Tally>) -> Vec<AnswerLine> {
    let ballots = tally.map(|tally| tally.ballots).unwrap_or_default();
    let calls = recording.plan.iter().zip(&recording.texts).enumerate().take(MOST_LINES);
    calls.map(|(i, (planned, text))| line(planned, text, ballots.get(i).and_then(Option::as_ref))).collect()
}

fn line(planned: &Planned, text: &Text, ballot: Option<&Ballot>) -> AnswerLine {
    let (shown, state) = match &text.result {
        Some(Ok(reply)) => (answer_text(reply), State::Answered),
        Some(Err(failed)) => (words::failed(failed), State::Failed),
        None if text.let_go => (words::LET_GO.to_string(), State::Answered),
        None if !text.partial.is_empty() => (text.partial.clone(), State::Streaming),
        None => match text.errors.last() {
            Some(error) => (format!("{} Trying again.", words::met(error)), State::Waiting),
            None => ("Waiting.".to_string(), State::Waiting),
        },
    };
    let aside = match (&text.result, ballot) {
        (Some(Ok(reply)), Some(ballot)) => counted(reply, ballot),
        _ => String::new(),
    };
    AnswerLine { key: planned.key.clone(), label: planned.label.clone(), text: shown, aside, state }
}

fn answer_text(reply: &Reply) -> String {
    match &reply.answer {
        Answer::Points { content, key_points } => {
            let points = key_points.iter().map(|point| format!("\n• {point}"));
            format!("{content}{}", points.collect::<String>())
        }
        Answer::Vote { answer, reasoning, .. } if !reasoning.is_empty() => format!("{answer}. {reasoning}"),
        answer => answer.main_text().to_string(),
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
