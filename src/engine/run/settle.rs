//! The way of an attempt to the call's end: parts, time-outs, results, retries, giving up.

use super::flight::{Course, Flight};
use super::slot::{Phase, Waiter};
use super::state::State;
use super::timers::Stage;
use super::{CallResult, Failed, Setup, Texts};
use crate::engine::call::{AttemptResult, CallError, CallId, Certainty, Foreseen, Usage};
use crate::engine::limiter::core::{Grant, Settlement};
use crate::engine::retry::{Decision, GaveUp, Standing, decide};
use crate::engine::trace::{End, Failure, What};

impl State {
    pub(super) fn part(&mut self, call: CallId, now_us: u64) {
        let Some(flight) = self.ledger.flight_mut(call) else { return };
        if flight.part_us.replace(now_us).is_none() {
            self.trace.push(now_us, What::FirstToken(call));
        }
        // A course that is known has no silences.
        if flight.foreseen().is_none() {
            self.timers.begin(Stage::Idle, call, now_us);
        }
    }

    pub(super) fn timed_out(&mut self, call: CallId, stage: Stage, now_us: u64, setup: &Setup) {
        let after_us = self.timers.after_us(stage).unwrap_or(0);
        // What came at this very instant was faster.
        if self.ledger.began_us(call, stage).is_none_or(|began_us| began_us.saturating_add(after_us) > now_us)
        {
            return;
        }
        match stage {
            Stage::Attempt | Stage::FirstToken => {
                self.break_off(call, CallError::TimedOut { after_us }, now_us, setup);
            }
            Stage::Idle => {
                let partial =
                    self.ledger.slot(call).map_or_else(String::new, |slot| slot.text.partial().to_string());
                self.break_off(call, CallError::Stalled { after_us, partial }, now_us, setup);
            }
            Stage::Queue => self.give_up(call, GaveUp::QueueTimeout, now_us, setup),
            Stage::Call => self.give_up(call, GaveUp::CallTimeout, now_us, setup),
        }
    }

    /// What an attempt brought is taken.
    pub(super) fn arrived(&mut self, call: CallId, now_us: u64, setup: &Setup) {
        let Some(Flight { grant, course, .. }) = self.ledger.take_course(call) else { return };
        let (Course::Arrived(result) | Course::Foreseen(Foreseen { result, .. })) = course else { return };
        self.settle(call, grant, result, now_us, setup);
    }

    /// An attempt is given up.
    fn break_off(&mut self, call: CallId, error: CallError, now_us: u64, setup: &Setup) {
        if let Some(flight) = self.ledger.take_flight(call) {
            self.settle(call, flight.abort(), Err(Box::new(error)), now_us, setup);
        }
    }

    fn settle(&mut self, call: CallId, grant: Grant, result: AttemptResult, now_us: u64, setup: &Setup) {
        let Some(slot) = self.ledger.slot_mut(call) else { return };
        let error = match result {
            Ok(reply) => {
                let usage = reply.usage;
                let settlement = match usage.certainty {
                    Certainty::Unknown => Settlement::Uncertain,
                    Certainty::Known | Certainty::Estimated => Settlement::Used {
                        tokens: usage.input_tokens.saturating_add(usage.output_tokens),
                        cost_nano_usd: self
                            .core
                            .budget()
                            .map_or(0, |budget| budget.price.cost_nano_usd(usage)),
                    },
                };
                self.core.settle(grant, settlement, now_us);
                self.retry_budget.served();
                self.end(call, Ok(reply), now_us);
                return;
            }
            Err(error) => error,
        };
        let (failure, status, settlement) = classify(&error);
        match failure {
            Failure::Refused => slot.tries.refusals += 1,
            _ => slot.tries.failures += 1,
        }
        if matches!(failure, Failure::Server | Failure::Unreachable | Failure::TimedOut) {
            self.retry_budget.failed();
        }
        let deadline_us = [
            self.timers.after_us(Stage::Call).map(|after_us| slot.entered_us.saturating_add(after_us)),
            self.timers.run_at_us(),
        ];
        let decision = match &slot.text.request {
            Some(request) => {
                let standing = Standing {
                    tries: slot.tries,
                    draws: request.draws,
                    in_budget: !setup.retry.budgeted || self.retry_budget.allows(),
                    left_us: deadline_us
                        .into_iter()
                        .flatten()
                        .min()
                        .map(|at_us| at_us.saturating_sub(now_us)),
                };
                decide(&setup.retry, &error, standing)
            }
            None => Decision::GiveUp(GaveUp::Final),
        };
        self.core.settle(grant, settlement, now_us);
        self.trace.push(now_us, What::Failed { call, failure, status });
        match decision {
            Decision::Retry { delay_us, source, pause } => {
                if setup.texts != Texts::None {
                    slot.text.on_the_way().errors.push(*error);
                }
                slot.phase = Phase::BackingOff;
                slot.since_us = now_us + delay_us;
                let shown_us = u32::try_from(delay_us).unwrap_or(u32::MAX);
                self.trace.push(now_us, What::BackingOff { call, delay_us: shown_us, wait: source });
                self.timers.back_off(now_us + delay_us, call);
                if pause {
                    self.core.pause(now_us + delay_us);
                }
            }
            Decision::GiveUp(gave_up) => {
                slot.text.on_the_way().errors.push((*error).clone());
                self.end(call, Err(Failed { gave_up, error: Some(error) }), now_us);
            }
        }
    }

    /// Ends every call, and all that come later.
    pub(super) fn close(&mut self, gave_up: GaveUp, now_us: u64, setup: &Setup) {
        self.closed = Some(gave_up);
        for call in 0..self.ledger.slots.len() {
            self.give_up(CallId(call as u32), gave_up, now_us, setup);
        }
    }

    /// Ends a call from our side.
    pub(super) fn give_up(&mut self, call: CallId, gave_up: GaveUp, now_us: u64, setup: &Setup) {
        let Some(slot) = self.ledger.slot_mut(call) else { return };
        match slot.phase {
            Phase::Fresh => {
                slot.phase = Phase::Barred;
                return;
            }
            Phase::Barred | Phase::CleaningUp | Phase::Ended | Phase::Taken => return,
            Phase::Entering => {
                self.skip(call, gave_up, now_us);
                return;
            }
            Phase::BackingOff => {}
            Phase::Waiting => {
                let order = slot.order;
                self.core.cancel(order);
            }
            Phase::Granted => {
                if let Some(grant) = self.take_back(call) {
                    self.core.settle(grant, Settlement::NeverSent, now_us);
                }
                self.trace.push(now_us, What::Failed { call, failure: Failure::TakenBack, status: 0 });
            }
            Phase::InFlight(_) => {
                if let Some(flight) = self.ledger.take_flight(call) {
                    self.core.settle(flight.abort(), Settlement::Uncertain, now_us);
                }
                self.trace.push(now_us, What::Failed { call, failure: Failure::Aborted, status: 0 });
                if gave_up == GaveUp::Cancelled && setup.clean_up_us > 0 {
                    if let Some(slot) = self.ledger.slot_mut(call) {
                        slot.phase = Phase::CleaningUp;
                    }
                    self.timers.clean_up(now_us + setup.clean_up_us, call);
                    return;
                }
            }
        }
        self.end(call, Err(failed(gave_up)), now_us);
    }

    /// Ends a call that has entered.
    pub(super) fn end(&mut self, call: CallId, result: CallResult, now_us: u64) {
        let Some(slot) = self.ledger.slot_mut(call) else { return };
        slot.phase = Phase::Ended;
        let what = match &result {
            Ok(reply) => {
                let usage = reply.usage;
                slot.text.clear_partial();
                let Usage { cached_tokens, cache_write_tokens, reasoning_tokens, cost_nano_usd, .. } = usage;
                if cached_tokens | cache_write_tokens | reasoning_tokens > 0 {
                    let what = What::Counted { call, cached_tokens, cache_write_tokens, reasoning_tokens };
                    self.trace.push(now_us, what);
                }
                if let Some(nano_usd) = cost_nano_usd {
                    self.trace.push(now_us, What::Billed { call, nano_usd });
                }
                What::Served {
                    call,
                    input_tokens: usage.input_tokens,
                    output_tokens: usage.output_tokens,
                    certainty: usage.certainty,
                    bytes: u32::try_from(reply.text.len()).unwrap_or(u32::MAX),
                }
            }
            Err(Failed { gave_up: GaveUp::Cancelled, .. }) => What::Ended { call, end: End::Cancelled },
            Err(_) => What::Ended { call, end: End::Failed },
        };
        self.trace.push(now_us, what);
        slot.text.result = Some(result);
        self.n_open -= 1;
        self.n_over += 1;
        self.tell(call);
    }

    /// Tells who waits for a call that it is over.
    pub(super) fn tell(&mut self, call: CallId) {
        let Some(slot) = self.ledger.slot_mut(call) else { return };
        match std::mem::take(&mut slot.waiter) {
            Waiter::Nobody => {}
            Waiter::Alone(waker) => self.wakers.push(waker),
            Waiter::Group(key) => {
                self.wakers.extend(self.groups.get_mut(key.0).and_then(|group| group.note(call)));
            }
        }
    }
}

pub(super) fn failed(gave_up: GaveUp) -> Failed {
    Failed { gave_up, error: None }
}

/// How an error is counted, and what it leaves of the reservation.
fn classify(error: &CallError) -> (Failure, u16, Settlement) {
    match error {
        CallError::Refused { status, .. } => (Failure::Refused, *status, Settlement::Refused),
        CallError::Server { status, .. } => (Failure::Server, *status, Settlement::Uncertain),
        CallError::Unreachable { .. } => (Failure::Unreachable, 0, Settlement::Uncertain),
        CallError::TimedOut { .. } => (Failure::TimedOut, 0, Settlement::Uncertain),
        CallError::Unauthorized { status, .. } => (Failure::Unauthorized, *status, Settlement::TurnedAway),
        CallError::OutOfQuota { status, .. } => (Failure::OutOfQuota, *status, Settlement::TurnedAway),
        CallError::Rejected { status, .. } => (Failure::Rejected, *status, Settlement::TurnedAway),
        CallError::Malformed { .. } => (Failure::Malformed, 200, Settlement::Uncertain),
        CallError::Truncated { .. } => (Failure::Truncated, 200, Settlement::Uncertain),
        CallError::Stalled { .. } => (Failure::Stalled, 200, Settlement::Uncertain),
    }
}
