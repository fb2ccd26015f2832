//! Everything a run waits for that happens at a known time.

use std::cmp::Reverse;
use std::collections::binary_heap::PeekMut;
use std::collections::{BinaryHeap, VecDeque};

use super::ledger::Ledger;
use super::message::Message;
use crate::engine::call::CallId;
use crate::engine::clock::earlier;
use crate::engine::timeouts::Timeouts;

/// What a time-out watches over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Attempt,
    FirstToken,
    Idle,
    Queue,
    Call,
}

impl Stage {
    const ALL: [Stage; 5] = [Stage::Attempt, Stage::FirstToken, Stage::Idle, Stage::Queue, Stage::Call];
}

/// Timers are never disarmed: one that its call no longer waits for is stale and passed over.
pub(super) struct Timers {
    timeouts: [Timeout; 5],
    /// How many are armed over all stages: mostly none where courses are known.
    n_armed: u32,
    /// Nothing rings before.
    not_before_us: u64,
    run_at_us: Option<u64>,
    run_is_over: bool,
    /// What comes next of each attempt whose course is known: its first token, then its end.
    foreseen: BinaryHeap<Reverse<(u64, CallId)>>,
    backoffs: BinaryHeap<Reverse<(u64, CallId)>>,
    clean_ups: VecDeque<(u64, CallId)>,
}

/// Time-outs of one stage: all are equally long, so they ring in the order in which they were armed.
struct Timeout {
    after_us: Option<u64>,
    armed: VecDeque<(u64, CallId)>,
}

impl Timers {
    pub(super) fn new(timeouts: &Timeouts, now_us: u64) -> Self {
        let Timeouts { attempt_us, first_token_us, idle_us, queue_us, call_us, run_us } = *timeouts;
        let stages = [attempt_us, first_token_us, idle_us, queue_us, call_us];
        Timers {
            n_armed: 0,
            not_before_us: 0,
            timeouts: stages.map(|after_us| Timeout { after_us, armed: VecDeque::new() }),
            run_at_us: run_us.map(|after_us| now_us.saturating_add(after_us)),
            run_is_over: false,
            foreseen: BinaryHeap::new(),
            backoffs: BinaryHeap::new(),
            clean_ups: VecDeque::new(),
        }
    }

    /// How long a stage may take.
    pub(super) fn after_us(&self, stage: Stage) -> Option<u64> {
        self.timeouts[stage as usize].after_us
    }

    /// When the run has to be over.
    pub(super) fn run_at_us(&self) -> Option<u64> {
        self.run_at_us
    }

    /// A stage of the call begins.
    pub(super) fn begin(&mut self, stage: Stage, call: CallId, now_us: u64) {
        let timeout = &mut self.timeouts[stage as usize];
        if let Some(after_us) = timeout.after_us {
            let at_us = now_us.saturating_add(after_us);
            timeout.armed.push_back((at_us, call));
            self.n_armed += 1;
            self.not_before_us = self.not_before_us.min(at_us);
        }
    }

    pub(super) fn foresee(&mut self, at_us: u64, call: CallId) {
        self.foreseen.push(Reverse((at_us, call)));
        self.not_before_us = self.not_before_us.min(at_us);
    }

    pub(super) fn back_off(&mut self, until_us: u64, call: CallId) {
        self.backoffs.push(Reverse((until_us, call)));
        self.not_before_us = self.not_before_us.min(until_us);
    }

    pub(super) fn clean_up(&mut self, until_us: u64, call: CallId) {
        self.clean_ups.push_back((until_us, call));
        self.not_before_us = self.not_before_us.min(until_us);
    }

    /// Tells what is due.
    pub(super) fn ring(&mut self, now_us: u64, ledger: &Ledger, mut tell: impl FnMut(Message)) {
        if now_us < self.not_before_us {
            return;
        }
        while let Some(Reverse((at_us, call))) = self.foreseen.peek().copied()
            && at_us <= now_us
        {
            self.foreseen.pop();
            if let Some(foreseen) = ledger.foreseen(call) {
                if foreseen.first_token_us == Some(at_us) {
                    tell(Message::Part(call));
                }
                if foreseen.ends_us == at_us {
                    tell(Message::Settled(call));
                } else if foreseen.first_token_us == Some(at_us) {
                    self.foreseen.push(Reverse((foreseen.ends_us, call)));
                }
            }
        }
        if self.n_armed > 0 {
            self.ring_timeouts(now_us, ledger, &mut tell);
        }
        if !self.run_is_over && self.run_at_us.is_some_and(|at_us| at_us <= now_us) {
            self.run_is_over = true;
            tell(Message::RunTimedOut);
        }
        while let Some((at_us, call)) = self.clean_ups.front().copied()
            && at_us <= now_us
        {
            self.clean_ups.pop_front();
            tell(Message::CleanedUp(call));
        }
        while let Some(Reverse((at_us, call))) = self.backoffs.peek().copied()
            && at_us <= now_us
        {
            self.backoffs.pop();
            if ledger.slot(call).is_some_and(|slot| slot.comes_back_at(at_us)) {
                tell(Message::BackoffEnded(call));
            }
        }
        self.not_before_us = self.first_armed_us();
    }

    /// When the first timer rings, whether or not somebody still waits for it.
    fn first_armed_us(&self) -> u64 {
        let sorted =
            |heap: &BinaryHeap<Reverse<(u64, CallId)>>| heap.peek().map_or(u64::MAX, |first| first.0.0);
        let queued = |queue: &VecDeque<(u64, CallId)>| queue.front().map_or(u64::MAX, |first| first.0);
        let mut first_us = sorted(&self.foreseen).min(sorted(&self.backoffs)).min(queued(&self.clean_ups));
        if self.n_armed > 0 {
            for timeout in &self.timeouts {
                first_us = first_us.min(queued(&timeout.armed));
            }
        }
        match self.run_at_us {
            Some(run_at_us) if !self.run_is_over => first_us.min(run_at_us),
            _ => first_us,
        }
    }

    fn ring_timeouts(&mut self, now_us: u64, ledger: &Ledger, tell: &mut impl FnMut(Message)) {
        for stage in Stage::ALL {
            let timeout = &mut self.timeouts[stage as usize];
            while let Some((at_us, call)) = timeout.armed.front().copied()
                && at_us <= now_us
            {
                timeout.armed.pop_front();
                self.n_armed -= 1;
                if timeout.is_due(at_us, ledger.began_us(call, stage)) {
                    tell(Message::TimedOut(call, stage));
                }
            }
        }
    }

    /// When the next timer rings that somebody waits for.
    pub(super) fn next_us(&mut self, ledger: &Ledger) -> Option<u64> {
        let mut foreseen_us = None;
        while let Some(Reverse((at_us, call))) = self.foreseen.peek().copied() {
            if ledger.foreseen(call).is_some_and(|foreseen| foreseen.has(at_us)) {
                foreseen_us = Some(at_us);
                break;
            }
            self.foreseen.pop();
        }
        earlier(foreseen_us, self.next_but_foreseen_us(ledger))
    }

    /// The same without attempts whose course is known.
    pub(super) fn next_but_foreseen_us(&mut self, ledger: &Ledger) -> Option<u64> {
        let mut next_us = self.run_at_us.filter(|_| !self.run_is_over);
        if self.n_armed > 0 {
            next_us = earlier(next_us, self.next_timeout_us(ledger));
        }
        next_us = earlier(next_us, self.clean_ups.front().map(|(at_us, _)| *at_us));
        while let Some(Reverse((at_us, call))) = self.backoffs.peek().copied() {
            if ledger.slot(call).is_some_and(|slot| slot.comes_back_at(at_us)) {
                return earlier(next_us, Some(at_us));
            }
            self.backoffs.pop();
        }
        next_us
    }

    fn next_timeout_us(&mut self, ledger: &Ledger) -> Option<u64> {
        let mut next_us = None;
        for stage in Stage::ALL {
            let timeout = &mut self.timeouts[stage as usize];
            while let Some((at_us, call)) = timeout.armed.front().copied() {
                if timeout.is_due(at_us, ledger.began_us(call, stage)) {
                    next_us = earlier(next_us, Some(at_us));
                    break;
                }
                timeout.armed.pop_front();
                self.n_armed -= 1;
            }
        }
        next_us
    }

    /// Tells the first tokens that come before `until_us` and before any attempt ends, and says
    /// when the next attempt does something.
    pub(super) fn first_tokens(
        &mut self,
        until_us: Option<u64>,
        ledger: &mut Ledger,
        mut tell: impl FnMut(u64, CallId),
    ) -> Option<u64> {
        while let Some(mut next) = self.foreseen.peek_mut() {
            let Reverse((at_us, call)) = *next;
            if let Some(flight) = ledger.flight_mut(call)
                && let Some(foreseen) = flight.foreseen()
                && foreseen.has(at_us)
            {
                if foreseen.ends_us == at_us || until_us.is_some_and(|us| us <= at_us) {
                    return Some(at_us);
                }
                *next = Reverse((foreseen.ends_us, call));
                flight.part_us = Some(at_us);
                tell(at_us, call);
            } else {
                PeekMut::pop(next);
            }
        }
        None
    }
}

impl Timeout {
    /// Whether the call still is in what began when this was armed.
    fn is_due(&self, at_us: u64, began_us: Option<u64>) -> bool {
        let armed_us = self.after_us.map(|after_us| at_us - after_us.min(at_us));
        began_us.is_some() && began_us == armed_us
    }
}
