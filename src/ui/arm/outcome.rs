//! What the arm came to: the aggregator's text, the count of the votes, or why there is nothing.

use leptos::prelude::*;

use crate::analysis::words;
use crate::engine::call::Answer;
use crate::engine::patterns::voting::Voted;
use crate::engine::patterns::voting::tally::{Bucket, Verdict};
use crate::engine::patterns::{Merged, Outcome};
use crate::format;
use crate::scenario::ArmKind;
use crate::ui::parts::painted::{Markup, element, painted};
use crate::ui::workspace::{Shown, Workspace};

#[component]
pub fn OutcomePanel(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <div class="outcome">
            <h3>"Outcome"</h3>
            <div
                class="outcome-text"
                data-outcome=""
                dir="auto"
                use:painted=workspace.picture(kind, outcome)
            ></div>
            {(kind == ArmKind::Voting)
                .then(|| {
                    view! {
                        <p class="coverage">
                            "Plurality: most votes win, equal numbers are a tie. Answers count as the same when \
                             they agree in lower case, without punctuation at their ends, or name the same option."
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}

fn outcome(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    workspace.shown[kind.index()].with(|shown| {
        let Some(Shown { recording, .. }) = shown else { return Vec::new() };
        match &recording.outcome {
            // The last aggregator's text as it is streamed, before there is an outcome.
            None => match recording.texts.last() {
                Some(last) if kind != ArmKind::Voting && !last.partial.is_empty() => {
                    vec![element("p").text(&last.partial)]
                }
                _ => vec![paragraph("hint", "Not there yet.")],
            },
            Some(Outcome::Merged(merged)) => merged_text(merged),
            Some(Outcome::Voted(voted)) => voted_bars(voted),
            Some(Outcome::None(why)) => vec![paragraph("problem", words::no_outcome(why, &recording.plan))],
        }
    })
}

fn paragraph(class: &'static str, text: impl Into<String>) -> Markup {
    element("p").class(class).text(text)
}

fn merged_text(merged: &Merged) -> Vec<Markup> {
    let Merged { reply, coverage, words } = merged;
    let texts = reply.answer.main_text().split("\n\n").filter(|text| !text.trim().is_empty());
    let mut drawn: Vec<Markup> = texts.map(|text| element("p").text(text)).collect();
    if let Answer::Points { key_points, .. } = &reply.answer
        && !key_points.is_empty()
    {
        let points = key_points.iter().map(|point| element("li").text(point)).collect();
        drawn.push(element("ul").children(points));
    }
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
