//! What the arm came to: the aggregator's text, the count of the votes, or why there is nothing.

use leptos::prelude::*;

use crate::analysis::words;
use crate::engine::call::Answer;
use crate::engine::patterns::voting::{Bucket, Tally, Verdict};
use crate::engine::patterns::{Merged, Outcome};
use crate::format;
use crate::scenario::ArmKind;
use crate::ui::workspace::Workspace;

#[component]
pub fn OutcomePanel(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    let outcome =
        move || workspace.shown[kind.index()].with(|shown| Some(shown.as_ref()?.recording.outcome.clone()));
    // The last aggregator's text as it is streamed, before there is an outcome.
    let streaming = move || {
        workspace.shown[kind.index()].with(|shown| {
            let last = shown.as_ref()?.recording.texts.last()?;
            (kind != ArmKind::Voting && !last.partial.is_empty()).then(|| last.partial.clone())
        })
    };
    view! {
        <div class="outcome">
            <h3>"Outcome"</h3>
            <div class="outcome-text" data-outcome="" dir="auto">
                {move || match outcome() {
                    None => ().into_any(),
                    Some(None) => match streaming() {
                        Some(text) => view! { <p>{text}</p> }.into_any(),
                        None => view! { <p class="hint">"Not there yet."</p> }.into_any(),
                    },
                    Some(Some(Outcome::Merged(merged))) => view! { <MergedView merged /> }.into_any(),
                    Some(Some(Outcome::Voted(tally))) => view! { <TallyView tally /> }.into_any(),
                    Some(Some(Outcome::None(why))) => {
                        view! { <p class="problem">{words::no_outcome(&why)}</p> }.into_any()
                    }
                }}
            </div>
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
}

#[component]
fn MergedView(merged: Merged) -> impl IntoView {
    let Merged { reply, coverage, words } = merged;
    let key_points = match &reply.answer {
        Answer::Points { key_points, .. } => key_points.clone(),
        _ => Vec::new(),
    };
    let (used, missing) = (coverage.used.len(), coverage.missing.len());
    let total = words.map(|words| format!(", {} words in all", format::count(words)));
    view! {
        {paragraphs(reply.answer.main_text())}
        {(!key_points.is_empty())
            .then(|| view! { <ul>{key_points.into_iter().map(|point| view! { <li>{point}</li> }).collect_view()}</ul> })}
        <p class="coverage">{format!("From {used} of {} inputs{}.", used + missing, total.unwrap_or_default())}</p>
        {(missing > 0)
            .then(|| view! { <p class="problem">{format!("Missing: {}", coverage.missing.join(", "))}</p> })}
    }
}

#[component]
fn TallyView(tally: Tally) -> impl IntoView {
    let n_votes: usize = tally.buckets.iter().map(|bucket| bucket.voters.len()).sum();
    let n_failed = tally.ballots.iter().filter(|ballot| ballot.is_none()).count();
    let tied = match tally.verdict {
        Verdict::Winner => 1,
        Verdict::Tie { n_tied } => n_tied,
    };
    let headline = words::verdict(&tally);
    let bars = tally.buckets.into_iter().enumerate().map(|(i, bucket)| {
        view! { <BucketBar bucket n_votes leads=i < tied /> }
    });
    view! {
        <p class="verdict">{headline}</p>
        <ul class="tally">{bars.collect_view()}</ul>
        {(n_failed > 0)
            .then(|| view! { <p class="problem">{format!("{n_failed} {} no vote.", words::plural(n_failed, "voter cast", "voters cast"))}</p> })}
    }
}

#[component]
fn BucketBar(bucket: Bucket, n_votes: usize, leads: bool) -> impl IntoView {
    let n = bucket.voters.len();
    let voters: Vec<String> = bucket.voters.iter().map(|voter| (voter + 1).to_string()).collect();
    view! {
        <li class="bucket" class:bucket-leads=leads title=format!("Voters {}; counted as “{}”", voters.join(", "), bucket.key)>
            <span class="bucket-bar" style:width=format!("{}%", n * 100 / n_votes.max(1))></span>
            <span class="bucket-answer">{bucket.answer}</span>
            <span class="bucket-count">{format!("{n} of {n_votes}")}</span>
        </li>
    }
}

/// A text in paragraphs, as text.
pub fn paragraphs(text: &str) -> impl IntoView + use<> {
    text.split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
        .map(|paragraph| view! { <p>{paragraph.to_string()}</p> })
        .collect_view()
}
