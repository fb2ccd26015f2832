//! What the arm came to: the aggregator's text, the count of the votes, or why there is nothing.

use leptos::prelude::*;

use super::answers::written;
use super::kept::Kept;
use crate::analysis::critical_path::critical_path;
use crate::analysis::metrics::{Figure, metrics};
use crate::analysis::recording::{Recording, Text};
use crate::analysis::words;
use crate::engine::patterns::voting::Voted;
use crate::engine::patterns::voting::tally::{Bucket, Verdict};
use crate::engine::patterns::{Merged, Outcome};
use crate::engine::price::Price;
use crate::format;
use crate::providers::answer::so_far;
use crate::scenario::ArmKind;
use crate::ui::parts::painted::{Markup, element, painted};
use crate::ui::shown::Shown;
use crate::ui::workspace::{Mode, Workspace};

#[component]
pub fn OutcomePanel(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <div class="outcome">
            <h3>"Outcome"</h3>
            <div
                class="outcome-text"
                role="group"
                aria-label="Outcome"
                tabindex="0"
                data-outcome=""
                dir="auto"
                use:painted=workspace.picture(kind, outcome)
            ></div>
            <div class="asides" use:painted=workspace.picture(kind, asides)></div>
            {(kind != ArmKind::Voting).then(|| view! { <Kept kind /> }).into_any()}
        </div>
    }
    .into_any()
}

fn outcome(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    workspace.shown[kind.index()].with(|shown| {
        let Some(Shown { recording, .. }) = shown.as_deref() else { return Vec::new() };
        match &recording.outcome {
            // The last aggregator's text as it is streamed, before there is an outcome.
            None => match recording.texts.last() {
                Some(last) if kind != ArmKind::Voting && !last.partial.is_empty() => {
                    vec![element("p").text(so_far(&last.partial))]
                }
                _ => vec![paragraph("hint", "Not there yet.")],
            },
            Some(Outcome::Merged(merged)) => merged_text(merged),
            Some(Outcome::Voted(voted)) => match workspace.tally() {
                Some(tally) => voted_bars(&Voted { tally, judged: voted.judged.clone() }),
                None => voted_bars(voted),
            },
            Some(Outcome::None(why)) => vec![paragraph("problem", words::no_outcome(why, &recording.plan))],
        }
    })
}

/// What belongs to the outcome without being part of it.
fn asides(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let stories = workspace.stories(kind);
    workspace.shown[kind.index()].with(|shown| {
        let Some(shown) = shown else { return Vec::new() };
        let mut drawn = Vec::new();
        if let Some(Outcome::Voted(voted)) = &shown.recording.outcome {
            let counted = workspace.tally();
            let tally = counted.as_ref().unwrap_or(&voted.tally);
            drawn.push(paragraph("coverage", words::rule(tally.rule)));
            if workspace.mode.get() == Mode::Simulated {
                drawn.extend(
                    right_answer(workspace).map(|right| paragraph("coverage", words::graded(tally, &right))),
                );
            }
        }
        drawn.extend(words::left(&shown.recording).map(|words| paragraph("problem", words)));
        if shown.recording.plan.iter().any(|planned| !planned.needs.is_empty()) {
            let path = critical_path(&shown.recording, &stories);
            drawn.push(paragraph("coverage", words::path(path)).with("data-critical-path", ""));
        }
        if workspace.mode.get() == Mode::Live
            && let (Some(expected), Some(numbers)) =
                (workspace.expected[kind.index()].get(), workspace.numbers(kind))
        {
            drawn.push(paragraph("coverage", words::expected_cost(expected, numbers.cost_nano_usd)));
        }
        drawn.extend(shown.single.as_ref().map(|single| alone(single, workspace.shown_price())));
        drawn
    })
}

/// What the simulated voters should say, where the scenario knows.
fn right_answer(workspace: Workspace) -> Option<String> {
    workspace.draft.with(|draft| draft.voting.options.get(draft.voting.correct? as usize).cloned())
}

/// The whole task as one call, beside what the arm made of it.
fn alone(single: &Recording, price: Option<Price>) -> Markup {
    let numbers = metrics(single, None, price);
    let figure = |figure: Figure, text| format::figure(figure.value, figure.certainty, text);
    let head = format!(
        "As one call: {}, {}",
        figure(numbers.makespan_us, format::duration_us),
        figure(numbers.cost_nano_usd, format::usd_from_nano)
    );
    let plain = |text: String| vec![element("p").with("dir", "auto").text(text)];
    let text = match single.texts.first() {
        Some(Text { result: Some(Ok(reply)), .. }) => written(&reply.answer),
        Some(Text { result: Some(Err(failed)), .. }) => plain(words::failed(failed)),
        Some(Text { partial, .. }) if !partial.is_empty() => plain(so_far(partial)),
        _ => plain("Not there yet.".to_string()),
    };
    let head = element("summary").text(head);
    element("details").class("single").with("data-single", "").children(vec![head]).children(text)
}

fn paragraph(class: &'static str, text: impl Into<String>) -> Markup {
    element("p").class(class).text(text)
}

fn merged_text(merged: &Merged) -> Vec<Markup> {
    let Merged { reply, coverage, words } = merged;
    let mut drawn = written(&reply.answer);
    let (used, missing) = (coverage.used.len(), coverage.missing.len());
    let total = words.map(|words| format!(", {} words in all", format::count(words))).unwrap_or_default();
    drawn.push(paragraph("coverage", format!("From {used} of {} inputs{total}.", used + missing)));
    if missing > 0 {
        drawn.push(paragraph("problem", format!("Missing: {}", coverage.missing.join(", "))));
    }
    drawn
}

fn voted_bars(Voted { tally, judged }: &Voted) -> Vec<Markup> {
    let n_votes: usize = tally.buckets.iter().map(|bucket| bucket.voters.len()).sum();
    let n_failed = tally.ballots.iter().filter(|ballot| ballot.is_none()).count();
    let tied = match tally.verdict {
        Verdict::Winner => 1,
        Verdict::Tie { n_tied } => n_tied,
        Verdict::Short => 0,
    };
    let bars = tally.buckets.iter().enumerate().map(|(i, bucket)| bucket_bar(bucket, n_votes, i < tied));
    let bars = element("ul").class("tally").children(bars.collect());
    let mut drawn = match judged {
        Some(judged) => vec![
            paragraph("verdict", words::judged(judged, tally)),
            paragraph("coverage", words::verdict(tally)),
            bars,
        ],
        None => vec![paragraph("verdict", words::verdict(tally)), bars],
    };
    let n_abstained = tally.abstained.len();
    if n_abstained > 0 {
        let words = words::plural(n_abstained, "voter", "voters");
        drawn.push(paragraph("coverage", format!("{n_abstained} {words} abstained.")));
    }
    if n_failed > 0 {
        let words = words::plural(n_failed, "voter cast", "voters cast");
        drawn.push(paragraph("problem", format!("{n_failed} {words} no vote.")));
    }
    drawn
}

fn bucket_bar(bucket: &Bucket, n_votes: usize, leads: bool) -> Markup {
    let n = bucket.voters.len();
    let voters: Vec<String> = bucket.voters.iter().map(|voter| (voter + 1).to_string()).collect();
    let bar = element("span").class("bucket-bar");
    element("li")
        .class(if leads { "bucket bucket-leads" } else { "bucket" })
        .with("title", format!("Voters {}; counted as “{}”", voters.join(", "), bucket.key))
        .children(vec![
            bar.with("style:width", format!("{}%", n * 100 / n_votes.max(1))),
            element("span").class("bucket-answer").text(&bucket.answer),
            element("span").class("bucket-count").text(format!("{n} of {n_votes}")),
        ])
}
