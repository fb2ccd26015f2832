//! The way of a call to its attempt: entry, queue, admission, sending.

use std::sync::Arc;

use futures::future::{AbortHandle, Abortable};

use super::attempts::Made;
use super::flight::{Course, Flight};
use super::message::Message;
use super::settle::failed;
use super::slot::Phase;
use super::state::State;
use super::timers::{Stage, Timers};
use crate::engine::call::{Attempt, AttemptResult, CallId, Request};
use crate::engine::limiter::budget::Budget;
use crate::engine::limiter::core::{Grant, Waiting};
use crate::engine::retry::GaveUp;
use crate::engine::trace::{End, What};

impl State {
    pub(super) fn enter(&mut self, call: CallId, now_us: u64) {
        let Some(slot) = self.ledger.slot_mut(call) else { return };
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
        let Some(slot) = self.ledger.slot_mut(call) else { return };
        slot.phase = Phase::Ended;
        slot.text.result = Some(Err(failed(gave_up)));
        self.n_over += 1;
        self.trace.push(now_us, What::Ended { call, end: End::Skipped });
        self.tell(call);
    }

    /// The calls of an arm that is over and did not make them.
    pub(super) fn skip_the_rest(&mut self, calls: std::ops::Range<u32>, now_us: u64) {
        if self.n_open + self.n_over == self.ledger.slots.len() as u32 {
            return;
        }
        for call in calls {
            if let Some(Phase::Fresh | Phase::Barred) = self.phase(CallId(call)) {
                self.skip(CallId(call), GaveUp::Final, now_us);
            }
        }
    }

    pub(super) fn queue(&mut self, call: CallId, now_us: u64) {
        let Some(slot) = self.ledger.slot_mut(call) else { return };
        slot.phase = Phase::Waiting;
        slot.since_us = now_us;
        let (tokens, cost_nano_usd) = match &slot.text.request {
            Some(request) => {
                let cost =
                    |budget: &Budget| budget.price.most_nano_usd(request.input_tokens, request.max_tokens);
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
            if let Some(slot) = self.ledger.slot_mut(*call) {
                slot.phase = Phase::Granted;
                slot.since_us = now_us;
                slot.text.clear_partial();
            }
        }
        if pumped.holding != self.holding {
            self.holding = pumped.holding;
            self.trace.push(now_us, What::Holding(pumped.holding));
        }
        for call in passed.over_budget.drain(..) {
            self.end(call, Err(failed(GaveUp::OverBudget)), now_us);
            self.stirred = true;
        }
        let somebody = !passed.admitted.is_empty() || self.stirred;
        self.passed = passed;
        if somebody {
            self.revision += 1;
        }
        somebody
    }

    /// What an admitted call was given, if it is taken back before it is sent.
    pub(super) fn take_back(&mut self, call: CallId) -> Option<Grant> {
        let place = self.passed.admitted.iter().position(|(admitted, _)| *admitted == call)?;
        Some(self.passed.admitted.remove(place).1)
    }

    /// What is needed to send an admitted call.
    pub(super) fn to_send(&self, call: CallId) -> Option<(Arc<Request>, u32)> {
        let slot = self.ledger.slot(call)?;
        Some((slot.text.request.clone()?, slot.tries.failures))
    }

    /// The attempt of an admitted call was made. Gives it back where somebody has to poll it.
    pub(super) fn sent(&mut self, call: CallId, grant: Grant, attempt: Attempt, now_us: u64) -> Option<Made> {
        let (course, made) = match attempt {
            Attempt::Awaited(future) => {
                self.timers.begin(Stage::Attempt, call, now_us);
                self.timers.begin(Stage::FirstToken, call, now_us);
                let (handle, registration) = AbortHandle::new_pair();
                (Course::Awaited(handle), Some(Abortable::new(future, registration)))
            }
            Attempt::Foreseen(foreseen) => {
                self.foresee(call, foreseen.first_token_us, foreseen.ends_us, now_us);
                (Course::Foreseen(foreseen), None)
            }
        };
        self.ledger.take_off(call, Flight { grant, part_us: None, course });
        made
    }

    /// Sets the timers of an attempt whose course is known. Time-outs that will not come need none.
    fn foresee(&mut self, call: CallId, first_token_us: Option<u64>, ends_us: u64, now_us: u64) {
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
        } else if first_token_us.is_none() {
            self.timers.foresee(ends_us, call);
        }
    }

    /// An attempt brought something.
    pub(super) fn lands(&mut self, call: CallId, result: AttemptResult) {
        if let Some(flight) = self.ledger.flight_mut(call) {
            flight.course = Course::Arrived(result);
            self.post(Message::Settled(call));
        }
    }
}
