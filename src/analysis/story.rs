//! What each call went through: every instant between its entry and its end is in one phase.

use crate::engine::call::CallId;
use crate::engine::trace::{End, Event, Failure, WaitReason, What};

/// What a call does at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waiting for the reason that keeps the head of the queue.
    Waiting(WaitReason),
    /// Sent, nothing came back yet.
    FirstToken,
    Generating,
    /// An attempt that brought nothing.
    Failed(Failure),
    BackingOff,
    /// An attempt that was aborted from our side.
    Cancelled,
    /// Aborted, and not yet done with stopping.
    CleaningUp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub phase: Phase,
    pub from_us: u64,
    pub to_us: u64,
}

/// One call's way through the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    pub entered_us: Option<u64>,
    pub spans: Vec<Span>,
    pub attempts: u32,
    /// When and how it ended; none while it goes on.
    pub end: Option<(u64, End)>,
    /// When its result was handed over, where that was later.
    pub delivered_us: Option<u64>,
}

impl Story {
    /// Time spent in phases that `matches` accepts.
    pub fn time_us(&self, matches: impl Fn(Phase) -> bool) -> u64 {
        let spans = self.spans.iter().filter(|span| matches(span.phase));
        spans.map(|span| span.to_us - span.from_us).sum()
    }

    pub fn phase_at(&self, at_us: u64) -> Option<Phase> {
        self.spans.iter().rev().find(|span| span.from_us <= at_us && at_us < span.to_us).map(|s| s.phase)
    }
}

/// What all calls of a run went through. The reasons of a wait are looked up when a call is told: kept
/// for every call they would be the product of calls and changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stories {
    /// Of a wait only how long it was.
    outlines: Vec<Story>,
    held: Reasons,
}

/// Since when the limiter holds everybody, and why.
type Reasons = Vec<(u64, Option<WaitReason>)>;

impl Stories {
    /// The stories of `n_calls` calls, up to `now_us` where they have not ended.
    pub fn of(events: &[Event], n_calls: usize, now_us: u64) -> Self {
        let outlines = vec![Story::default(); n_calls];
        let mut telling = Telling { outlines, open: vec![None; n_calls], held: Vec::new() };
        for event in events {
            telling.hear(event);
        }
        for call in 0..n_calls {
            telling.close(call, now_us, None);
        }
        Stories { outlines: telling.outlines, held: telling.held }
    }

    /// What every call went through, with each wait as a whole whatever its reasons were.
    pub fn outlines(&self) -> &[Story] {
        &self.outlines
    }

    /// Since when the limiter held everybody, and why, one after the other.
    pub fn reasons(&self) -> &[(u64, Option<WaitReason>)] {
        &self.held
    }

    /// The first call that is in flight at an instant.
    pub fn in_flight(&self, at_us: u64) -> Option<usize> {
        let is_sent = |phase| matches!(phase, Phase::FirstToken | Phase::Generating | Phase::Failed(_));
        self.outlines.iter().position(|story| story.phase_at(at_us).is_some_and(is_sent))
    }

    /// What a call does at an instant; the reason of a wait is the one that holds then.
    pub fn phase_at(&self, call: usize, at_us: u64) -> Option<Phase> {
        let phase = self.outlines.get(call)?.phase_at(at_us)?;
        if !is_wait(phase) {
            return Some(phase);
        }
        let last = self.held.partition_point(|(since_us, _)| *since_us <= at_us).checked_sub(1);
        let reason = last.and_then(|last| self.held.get(last)?.1);
        Some(Phase::Waiting(reason.unwrap_or(WaitReason::Concurrency)))
    }

    /// What a call went through; none where there is no such call.
    pub fn tell(&self, call: usize) -> Option<Story> {
        let outline = self.outlines.get(call)?;
        let mut story = Story { spans: Vec::new(), ..*outline };
        for span in &outline.spans {
            match span.phase {
                Phase::Waiting(_) => waited(&self.held, span.from_us, span.to_us, &mut story.spans),
                _ => story.spans.push(*span),
            }
        }
        Some(story)
    }

    /// Every call's story, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = Story> {
        (0..self.outlines.len()).filter_map(|call| self.tell(call))
    }
}

/// What a call is in the middle of.
#[derive(Clone, Copy)]
enum Open {
    Waiting { since_us: u64 },
    Sent { since_us: u64 },
    Generating { sent_us: u64, since_us: u64 },
    BackingOff { since_us: u64, until_us: u64 },
    CleaningUp { since_us: u64 },
}

struct Telling {
    outlines: Vec<Story>,
    open: Vec<Option<Open>>,
    held: Reasons,
}

impl Telling {
    fn hear(&mut self, event: &Event) {
        let at_us = event.at_us;
        if let What::Holding(reason) = event.what {
            self.held.push((at_us, reason));
        }
        let Some(CallId(call)) = event.what.call() else { return };
        let call = call as usize;
        if call >= self.outlines.len() {
            return;
        }
        match event.what {
            What::Entered(_) => {
                self.outlines[call].entered_us = Some(at_us);
                self.open[call] = Some(Open::Waiting { since_us: at_us });
            }
            What::Admitted(_) => {
                self.close(call, at_us, None);
                self.outlines[call].attempts += 1;
                self.open[call] = Some(Open::Sent { since_us: at_us });
            }
            What::FirstToken(_) => {
                if let Some(Open::Sent { since_us }) = self.open[call] {
                    self.open[call] = Some(Open::Generating { sent_us: since_us, since_us: at_us });
                }
            }
            What::Served { .. } | What::Ended { .. } => {
                self.close(call, at_us, None);
                self.outlines[call].end = event.what.end().map(|end| (at_us, end));
            }
            What::Failed { failure: Failure::TakenBack, .. } => {
                self.open[call] = None;
                self.outlines[call].attempts = self.outlines[call].attempts.saturating_sub(1);
            }
            What::Failed { failure, .. } => {
                self.close(call, at_us, Some(failure));
                if failure == Failure::Aborted {
                    self.open[call] = Some(Open::CleaningUp { since_us: at_us });
                }
            }
            What::BackingOff { delay_us, .. } => {
                let until_us = at_us + u64::from(delay_us);
                self.open[call] = Some(Open::BackingOff { since_us: at_us, until_us });
            }
            What::Delivered(_) => self.outlines[call].delivered_us = Some(at_us),
            What::Holding(_)
            | What::Counted { .. }
            | What::Billed { .. }
            | What::Used { .. }
            | What::Released(_)
            | What::Left { .. }
            | What::Limit(_) => {}
        }
    }

    /// Ends what the call is in the middle of.
    fn close(&mut self, call: usize, at_us: u64, failure: Option<Failure>) {
        let failed = failure.map(|failure| match failure {
            Failure::Aborted => Phase::Cancelled,
            other => Phase::Failed(other),
        });
        match self.open[call].take() {
            None => {}
            Some(Open::Waiting { since_us }) => self.waited(call, since_us, at_us),
            Some(Open::Sent { since_us }) => {
                self.add(call, failed.unwrap_or(Phase::FirstToken), since_us, at_us);
            }
            Some(Open::Generating { sent_us, since_us }) => match failed {
                Some(phase) => self.add(call, phase, sent_us, at_us),
                None => {
                    self.add(call, Phase::FirstToken, sent_us, since_us);
                    self.add(call, Phase::Generating, since_us, at_us);
                }
            },
            Some(Open::BackingOff { since_us, until_us }) => {
                self.add(call, Phase::BackingOff, since_us, until_us.min(at_us));
                self.waited(call, until_us, at_us);
            }
            Some(Open::CleaningUp { since_us }) => self.add(call, Phase::CleaningUp, since_us, at_us),
        }
    }

    fn waited(&mut self, call: usize, from_us: u64, to_us: u64) {
        self.add(call, Phase::Waiting(WaitReason::Concurrency), from_us, to_us);
    }

    fn add(&mut self, call: usize, phase: Phase, from_us: u64, to_us: u64) {
        add(&mut self.outlines[call].spans, phase, from_us, to_us);
    }
}

/// Splits a wait by the reasons the limiter had meanwhile.
fn waited(held: &Reasons, from_us: u64, to_us: u64, spans: &mut Vec<Span>) {
    let first = held.partition_point(|(at_us, _)| *at_us <= from_us).saturating_sub(1);
    let mut since_us = from_us;
    for (i, (at_us, reason)) in held.iter().enumerate().skip(first) {
        let starts_us = (*at_us).max(since_us);
        if starts_us >= to_us {
            break;
        }
        let until_us = held.get(i + 1).map_or(to_us, |(next_us, _)| (*next_us).min(to_us));
        // Between two turns there is no reason; the time belongs to the slot that is not free.
        let phase = Phase::Waiting(reason.unwrap_or(WaitReason::Concurrency));
        // A timer that rang late: the call was due before anybody had to wait.
        add(spans, Phase::Waiting(WaitReason::Concurrency), since_us, starts_us);
        add(spans, phase, starts_us, until_us);
        since_us = until_us.max(since_us);
    }
    add(spans, Phase::Waiting(WaitReason::Concurrency), since_us, to_us);
}

fn add(spans: &mut Vec<Span>, phase: Phase, from_us: u64, to_us: u64) {
    if to_us <= from_us {
        return;
    }
    match spans.last_mut() {
        Some(last) if last.phase == phase && last.to_us == from_us && is_wait(phase) => last.to_us = to_us,
        _ => spans.push(Span { phase, from_us, to_us }),
    }
}

fn is_wait(phase: Phase) -> bool {
    matches!(phase, Phase::Waiting(_))
}
