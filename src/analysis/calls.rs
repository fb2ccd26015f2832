//! Each call in numbers: the rows of a table that can be sorted.

use super::recording::Recording;
use super::story::{Phase, Stories};
use crate::engine::call::{Certainty, Usage};
use crate::engine::price::Price;
use crate::engine::trace::{End, What};
use crate::format::{self, count, duration_us};

/// What a table of calls tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// In the order of the plan.
    #[default]
    Call,
    Outcome,
    /// When its first attempt was sent.
    Sent,
    Waited,
    /// The time in flight, of all attempts.
    Ran,
    Attempts,
    Tokens,
    Cost,
}

impl Column {
    pub const ALL: [Column; 8] = [
        Column::Call,
        Column::Outcome,
        Column::Sent,
        Column::Waited,
        Column::Ran,
        Column::Attempts,
        Column::Tokens,
        Column::Cost,
    ];

    pub fn name(self) -> &'static str {
        ["call", "outcome", "sent at", "waited", "ran", "attempts", "tokens", "cost"][self as usize]
    }
}

/// A call as a row: a number for each column, which is missing where nobody knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    pub call: usize,
    pub label: String,
    pub values: [Option<u64>; 8],
    /// Of its tokens and its cost.
    pub certainty: Certainty,
}

/// How calls end, in the order in which they are sorted.
const OUTCOMES: [&str; 5] = ["done", "failed", "cancelled", "not called", "not done yet"];

impl CallRow {
    /// A cell in words.
    pub fn text(&self, column: Column) -> String {
        let value = self.values[column as usize];
        let known = |format: fn(u64) -> String| value.map(format).unwrap_or_default();
        match column {
            Column::Call => self.label.clone(),
            Column::Outcome => {
                let outcome = value.and_then(|value| OUTCOMES.get(value as usize));
                outcome.copied().unwrap_or_default().to_string()
            }
            Column::Sent | Column::Waited | Column::Ran => known(duration_us),
            Column::Attempts => known(count),
            Column::Tokens => format::figure(value, self.certainty, count),
            Column::Cost => format::figure(value, self.certainty, format::usd_from_nano),
        }
    }
}

/// Every call of a recording, in the order of a column; equal ones in that of the plan.
pub fn rows(
    recording: &Recording,
    stories: &Stories,
    price: Option<Price>,
    by: Column,
    falling: bool,
) -> Vec<CallRow> {
    let mut rows: Vec<CallRow> = recording
        .plan
        .iter()
        .zip(stories.outlines())
        .enumerate()
        .map(|(call, (planned, story))| {
            let is_wait = |phase| matches!(phase, Phase::Waiting(_) | Phase::BackingOff);
            let outcome = match story.end {
                Some((_, End::Served)) => 0,
                Some((_, End::Failed)) => 1,
                Some((_, End::Cancelled)) => 2,
                Some((_, End::Skipped)) => 3,
                None => 4,
            };
            let sent_us = story.spans.iter().find(|span| !is_wait(span.phase)).map(|span| span.from_us);
            let values = [
                Some(call as u64),
                Some(outcome),
                sent_us,
                story.entered_us.map(|_| story.time_us(is_wait)),
                sent_us.map(|_| story.time_us(|phase| !is_wait(phase))),
                Some(story.attempts.into()),
                None,
                None,
            ];
            CallRow { call, label: planned.label.clone(), values, certainty: Certainty::Unknown }
        })
        .collect();
    charge(&mut rows, recording, price);
    rows.sort_by_key(|row| row.values[by as usize]);
    if falling {
        rows.sort_by_key(|row| std::cmp::Reverse(row.values[by as usize]));
    }
    rows
}

/// Adds what the attempts used and cost that were served.
fn charge(rows: &mut [CallRow], recording: &Recording, price: Option<Price>) {
    let mut details = Usage::default();
    for event in &recording.events {
        match event.what {
            What::Counted { cached_tokens, cache_write_tokens, reasoning_tokens, .. } => {
                details = Usage { cached_tokens, cache_write_tokens, reasoning_tokens, ..details };
            }
            What::Billed { nano_usd, .. } => details.cost_nano_usd = Some(nano_usd),
            What::Served { call, input_tokens, output_tokens, certainty, .. } => {
                let usage = Usage { input_tokens, output_tokens, certainty, ..std::mem::take(&mut details) };
                let Some(row) = rows.get_mut(call.0 as usize) else { continue };
                let is_known = certainty != Certainty::Unknown;
                row.certainty = certainty;
                row.values[Column::Tokens as usize] =
                    is_known.then(|| u64::from(input_tokens) + u64::from(output_tokens));
                let cost = price.map(|price| price.cost_nano_usd(usage)).or(usage.cost_nano_usd);
                row.values[Column::Cost as usize] = cost.filter(|_| is_known);
            }
            _ => {}
        }
    }
}
