//! One call under the glass: why it waited, what it went through, what each attempt met.

use super::recording::Recording;
use super::story::{Phase, Span, Story};
use super::words;
use crate::engine::call::CallId;
use crate::engine::patterns::{Planned, Role};
use crate::engine::trace::{Failure, WaitReason, WaitSource, What};
use crate::format::duration_us;

/// One attempt of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub sent_us: u64,
    /// How long it was until the first token.
    pub first_token_after_us: Option<u64>,
    /// How long it was in flight; none while it is.
    pub took_us: Option<u64>,
    /// What came of it, and how long the next one had to wait.
    pub words: String,
    /// The status of the reply and the headers that could be read, a line each.
    pub head: String,
}

/// A phase of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lasted {
    pub phase: Phase,
    pub from_us: u64,
    pub us: u64,
    /// Of all its phases, rounded.
    pub percent: u64,
}

/// The phases of a call, and how long they are together.
pub fn phases(story: &Story) -> (Vec<Lasted>, u64) {
    let all_us: u64 = story.time_us(|_| true);
    let lasted = |Span { phase, from_us, to_us }: &Span| {
        let us = to_us - from_us;
        let percent = (us * 100 + all_us / 2) / all_us.max(1);
        Lasted { phase: *phase, from_us: *from_us, us, percent }
    };
    (story.spans.iter().map(lasted).collect(), all_us)
}

/// Every attempt of a call, in order.
pub fn attempts(recording: &Recording, call: usize) -> Vec<Tried> {
    let mut tried: Vec<Tried> = Vec::new();
    let mut errors = recording.texts.get(call).map(|text| text.errors.iter()).unwrap_or_default();
    for event in recording.events.iter().filter(|event| event.what.call() == Some(CallId(call as u32))) {
        let at_us = event.at_us;
        if let What::Admitted(_) = event.what {
            let words = "Under way.".to_string();
            let heads = recording.texts.get(call).map_or(&[][..], |text| &text.heads);
            let mine = heads.iter().filter(|(nth, _)| *nth == tried.len());
            let head = mine.map(|(_, head)| head.as_str()).collect();
            tried.push(Tried { sent_us: at_us, first_token_after_us: None, took_us: None, words, head });
            continue;
        }
        let Some(last) = tried.last_mut() else { continue };
        match event.what {
            What::FirstToken(_) => last.first_token_after_us = Some(at_us - last.sent_us),
            What::Served { .. } => {
                last.took_us = Some(at_us - last.sent_us);
                last.words = "Answered.".to_string();
            }
            What::Failed { failure: Failure::TakenBack, .. } => {
                tried.pop();
            }
            What::Failed { failure, .. } => {
                last.took_us = Some(at_us - last.sent_us);
                last.words = match (failure, errors.next()) {
                    (Failure::Aborted, _) => "Aborted from here.".to_string(),
                    (_, Some(error)) => words::met(error),
                    (_, None) => "It brought nothing.".to_string(),
                };
            }
            What::BackingOff { delay_us, wait, .. } => {
                let why = match wait {
                    WaitSource::Header => "as its Retry-After asked",
                    WaitSource::Body => "as its text asked",
                    WaitSource::Backoff => "by the own backoff",
                };
                last.words.push_str(&format!(" The next one waited {} {why}.", duration_us(delay_us.into())));
            }
            _ => {}
        }
    }
    tried
}

/// Why the call waited, in a sentence or two.
pub fn why_it_waited(planned: &Planned, story: &Story) -> String {
    let Some(entered_us) = story.entered_us else { return "It was never asked.".to_string() };
    let mut words = String::new();
    if entered_us > 0 {
        let what_for = match (planned.role, planned.needs.is_empty()) {
            (Role::Worker, true) => "the window let it in",
            _ => "the last of its inputs was there",
        };
        words = format!("It could begin at {}, when {what_for}. ", duration_us(entered_us));
    }
    let (parts, all_us) = waits(&story.spans);
    match parts.is_empty() {
        true => words.push_str("It did not wait: it was sent at once."),
        false => {
            words.push_str(&format!("It waited {}: {}.", duration_us(all_us), parts.join(", ")));
        }
    }
    words
}

/// The reasons in the order in which they came first, and the time of all of them.
fn waits(spans: &[Span]) -> (Vec<String>, u64) {
    let mut reasons: Vec<(Phase, u64, u32, u64)> = Vec::new();
    for Span { phase, from_us, to_us } in spans.iter().copied() {
        if !matches!(phase, Phase::Waiting(_) | Phase::BackingOff) {
            continue;
        }
        match reasons.iter_mut().find(|(known, ..)| *known == phase) {
            Some((_, us, n, until_us)) => {
                *us += to_us - from_us;
                *n += 1;
                *until_us = to_us;
            }
            None => reasons.push((phase, to_us - from_us, 1, to_us)),
        }
    }
    let part = |(phase, us, n, until_us): &(Phase, u64, u32, u64)| {
        let why = match phase {
            Phase::Waiting(WaitReason::Concurrency) => "for a free slot",
            Phase::Waiting(WaitReason::OtherArm) => "for a slot that another arm had",
            Phase::Waiting(WaitReason::Paused) => "because a refusal asked everybody to wait",
            Phase::Waiting(WaitReason::RequestRate) => "for the request rate",
            Phase::Waiting(WaitReason::TokenRate) => "for the token rate",
            Phase::Waiting(WaitReason::Budget) => "for what was reserved of the budget",
            _ if *n == 1 => "backing off once",
            _ => return format!("{} backing off {n} times", duration_us(*us)),
        };
        format!("{} {why} (until {})", duration_us(*us), duration_us(*until_us))
    };
    (reasons.iter().map(part).collect(), reasons.iter().map(|(_, us, ..)| us).sum())
}
