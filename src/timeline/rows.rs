//! The waterfall as data: a row for each call, a bar for each phase.

use super::axis::{Axis, Place, WHOLE};
use crate::analysis::story::{Phase, Span, Stories, Story};
use crate::analysis::words;
use crate::engine::patterns::{Planned, Role};
use crate::engine::trace::{End, WaitReason};
use crate::format::duration_us;

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub label: String,
    pub role: Role,
    pub bars: Vec<Bar>,
    /// How it ended, and where on the axis.
    pub mark: Option<(Place, Mark)>,
    /// The row in words.
    pub summary: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub look: Look,
    pub left: Place,
    pub width: Place,
    pub title: String,
}

/// What a bar looks like: shape and texture before colour. Where there is room for one, the last of
/// these is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    Queued,
    FirstToken,
    Generating,
    RateWait,
    Budget,
    Paused,
    BackingOff,
    Cancelled,
    Failed,
}

impl Look {
    pub const ALL: [Look; 9] = [
        Look::Queued,
        Look::Paused,
        Look::RateWait,
        Look::Budget,
        Look::FirstToken,
        Look::Generating,
        Look::BackingOff,
        Look::Failed,
        Look::Cancelled,
    ];

    pub fn of(phase: Phase) -> Look {
        match phase {
            Phase::Waiting(WaitReason::Concurrency | WaitReason::OtherArm) => Look::Queued,
            Phase::Waiting(WaitReason::Paused) => Look::Paused,
            Phase::Waiting(WaitReason::RequestRate | WaitReason::TokenRate) => Look::RateWait,
            Phase::Waiting(WaitReason::Budget) => Look::Budget,
            Phase::FirstToken => Look::FirstToken,
            Phase::Generating => Look::Generating,
            Phase::BackingOff => Look::BackingOff,
            Phase::Failed(_) => Look::Failed,
            Phase::Cancelled | Phase::CleaningUp => Look::Cancelled,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Look::Queued => "queued",
            Look::Paused => "paused",
            Look::RateWait => "rate-wait",
            Look::Budget => "budget-wait",
            Look::FirstToken => "first-token",
            Look::Generating => "generating",
            Look::BackingOff => "backing-off",
            Look::Failed => "failed",
            Look::Cancelled => "cancelled",
        }
    }

    /// What the legend says.
    pub fn legend(self) -> &'static str {
        match self {
            Look::Queued => "queued, no free slot",
            Look::Paused => "paused for everybody",
            Look::RateWait => "waiting for the rate limit",
            Look::Budget => "waiting for the budget",
            Look::FirstToken => "waiting for the first token",
            Look::Generating => "generating",
            Look::BackingOff => "backing off",
            Look::Failed => "refused or failed attempt",
            Look::Cancelled => "cancelled",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Done,
    Failed,
    Cancelled,
}

impl Mark {
    pub fn as_str(self) -> &'static str {
        match self {
            Mark::Done => "done",
            Mark::Failed => "failed",
            Mark::Cancelled => "cancelled",
        }
    }
}

/// A row for each call of the plan.
pub fn rows(plan: &[Planned], stories: &Stories, axis: &Axis) -> Vec<Row> {
    plan.iter().zip(stories.iter()).map(|(planned, story)| row(planned, &story, axis)).collect()
}

/// Waits shorter than this are drawn together with the wait before them: the reason can change a hundred
/// thousand times while a call waits.
const FINEST: Place = Place(WHOLE / 500);

fn bars(spans: &[Span], axis: &Axis) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    // Since when the last bar, where it is a wait, has been waiting.
    let mut wait_us = None;
    let is_seen = |span: &&Span| span.to_us > axis.window.from_us && span.from_us < axis.window.to_us();
    for Span { phase, from_us, to_us } in spans.iter().filter(is_seen).copied() {
        let (left, right) = (axis.place(from_us), axis.place(to_us));
        let (look, width) = (Look::of(phase), Place(right.0 - left.0));
        let is_wait = matches!(phase, Phase::Waiting(_));
        match (bars.last_mut(), wait_us) {
            (Some(last), Some(since_us)) if is_wait && last.width.min(width) < FINEST => {
                if width > last.width {
                    last.look = look;
                }
                last.width = Place(right.0 - last.left.0);
                last.title = format!("waiting for changing reasons: {}", duration_us(to_us - since_us));
            }
            _ => {
                let title = format!("{}: {}", words::phase(phase), duration_us(to_us - from_us));
                bars.push(Bar { look, left, width, title });
                wait_us = is_wait.then_some(from_us);
            }
        }
    }
    bars
}

fn row(planned: &Planned, story: &Story, axis: &Axis) -> Row {
    let mark = story.end.and_then(|(at_us, end)| {
        let mark = match end {
            End::Served => Mark::Done,
            End::Failed => Mark::Failed,
            End::Cancelled | End::Skipped => Mark::Cancelled,
        };
        let is_seen = axis.window.from_us <= at_us && at_us <= axis.window.to_us();
        (end != End::Skipped && is_seen).then(|| (axis.place(at_us), mark))
    });
    Row {
        label: planned.label.clone(),
        role: planned.role,
        bars: bars(&story.spans, axis),
        mark,
        summary: summary(planned, story),
    }
}

fn summary(planned: &Planned, story: &Story) -> String {
    let waited = story.time_us(|phase| matches!(phase, Phase::Waiting(_) | Phase::BackingOff));
    let ended = words::ended(story);
    let attempts = match story.attempts {
        0 | 1 => String::new(),
        n => format!(", {n} attempts"),
    };
    format!("{}: {ended}, waited {}{attempts}", planned.label, duration_us(waited))
}
