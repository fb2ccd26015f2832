//! The way of a call to its attempt: entry, queue, admission, sending.

use std::sync::Arc;

use super::message::Message;
use super::settle::failed;
use super::slot::Phase;
use super::state::State;
use super::timers::{Stage, Timers};
use crate::engine::call::{Attempt, CallId, Request};
use crate::engine::limiter::budget::Budget;
use crate::engine::limiter::core::{Grant, Settlement, Waiting};
use crate::engine::retry::GaveUp;
use crate::engine::trace::{End, What};

impl State {
    pub(super) fn enter(&mut self, call: CallId, now_us: u64) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        let barred = match slot.phase {
            Phase::Barred => Some(GaveUp::Cancelled),
            Phase::Entering => self.closed,
            _ => return,
        };
        if let Some(gave_up) = barred {
            self.skip(call, gave_up, now_us);
            return;
        }
        slot.entered_us = now_us;
        self.n_open += 1;
        self.trace.push(now_us, What::Entered(call));
        self.timers.begin(Stage::Call, call, now_us);
        self.queue(call, now_us);
    }

    /// Ends a call that never entered.
    pub(super) fn skip(&mut self, call: CallId, gave_up: GaveUp, now_us: u64) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        slot.phase = Phase::Ended;
        slot.text.result = Some(Err(failed(gave_up)));
        self.n_over += 1;
        self.wakers.extend(slot.waker.take());
        self.trace.push(now_us, What::Ended { call, end: End::Skipped });
    }

    /// The calls of an arm that is over and did not make them.
    pub(super) fn skip_the_rest(&mut self, calls: std::ops::Range<u32>, now_us: u64) {
        for call in calls {
            if let Some(Phase::Fresh | Phase::Barred) = self.phase(CallId(call)) {
                self.skip(CallId(call), GaveUp::Final, now_us);
            }
        }
    }

    pub(super) fn queue(&mut self, call: CallId, now_us: u64) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        slot.phase = Phase::Waiting;
        slot.since_us = now_us;
        let (tokens, cost_nano_usd) = match &slot.text.request {
            Some(request) => {
                let cost = |budget: &Budget| budget.cost_nano_usd(request.input_tokens, request.max_tokens);
                (request.reserved_tokens(), self.core.budget().map_or(0, cost))
            }
            None => (0, 0),
        };
        self.core.submit(Waiting { order: slot.order, call, tokens, cost_nano_usd });
        self.timers.begin(Stage::Queue, call, now_us);
    }

    /// Lets who can go; false where nobody could. `send` starts an attempt.
    pub(super) fn admit(&mut self, now_us: u64) -> bool {
        let pump_due = self.pump_at_us.is_some_and(|at_us| at_us <= now_us);
        if !self.stirred && !pump_due {
            return false;
        }
        self.stirred = false;
        let mut passed = std::mem::take(&mut self.passed);
        let pumped = self.core.pump(now_us, &mut passed);
        self.pump_at_us = pumped.wake_at_us;
        if self.core.limit() != self.limit {
            self.limit = self.core.limit();
            self.trace.push(now_us, What::Limit(self.limit));
        }
        for (call, _) in &passed.admitted {
            self.trace.push(now_us, What::Admitted(*call));
            let Some(slot) = self.slots.get_mut(call.0 as usize) else { continue };
            slot.phase = Phase::Sent;
            slot.since_us = now_us;
            slot.part_us = None;
            slot.text.partial.clear();
        }
        if pumped.holding != self.holding {
            self.holding = pumped.holding;
            self.trace.push(now_us, What::Holding(pumped.holding));
        }
        for call in passed.over_budget.drain(..) {
            self.end(call, Err(failed(GaveUp::OverBudget)), now_us);
            self.stirred = true;
        }
        let somebody = !passed.is_empty() || self.stirred;
        self.passed = passed;
        if somebody {
            self.revision += 1;
        }
        somebody
    }

    /// What is needed to send an admitted call.
    pub(super) fn take_grant(
        &mut self,
        call: CallId,
        grant: Grant,
        now_us: u64,
    ) -> Option<(Arc<Request>, u32)> {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else {
            self.core.settle(grant, Settlement::NeverSent, now_us);
            return None;
        };
        slot.grant = Some(grant);
        Some((slot.text.request.clone()?, slot.tries.failures))
    }

    /// The attempt of a call was started.
    pub(super) fn sent(&mut self, call: CallId, attempt: Attempt, now_us: u64) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        match attempt {
            Attempt::Awaited(future) => {
                slot.sent = Some(future);
                self.timers.begin(Stage::Attempt, call, now_us);
                self.timers.begin(Stage::FirstToken, call, now_us);
                self.wakers.extend(slot.waker.take());
            }
            Attempt::Foreseen(foreseen) => {
                let (ends_us, first_token_us) = (foreseen.ends_us, foreseen.first_token_us);
                slot.phase = Phase::InFlight;
                slot.foreseen = Some(foreseen);
                // Time-outs that will not come need no timer.
                let comes = |stage, at_us: u64, timers: &Timers| {
                    timers.after_us(stage).is_some_and(|after_us| now_us.saturating_add(after_us) < at_us)
                };
                if comes(Stage::Attempt, ends_us, &self.timers) {
                    self.timers.begin(Stage::Attempt, call, now_us);
                }
                if comes(Stage::FirstToken, first_token_us.unwrap_or(ends_us), &self.timers) {
                    self.timers.begin(Stage::FirstToken, call, now_us);
                }
                if let Some(first_token_us) = first_token_us {
                    self.timers.foresee(first_token_us, call);
                }
                if ends_us <= now_us {
                    self.post(Message::Settled(call));
                } else if first_token_us != Some(ends_us) {
                    self.timers.foresee(ends_us, call);
                }
            }
        }
    }
}
