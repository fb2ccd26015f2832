//! The state of a run, and how each message changes it.

use std::sync::Arc;
use std::task::Waker;

use futures::future::LocalBoxFuture;

use super::message::Message;
use super::slot::{Phase, Slot};
use super::timers::{Stage, Timers};
use super::{CallResult, Failed, Setup, Texts};
use crate::engine::call::{Attempt, AttemptResult, CallError, CallId, Certainty, Request};
use crate::engine::clock::earlier;
use crate::engine::limiter::budget::Budget;
use crate::engine::limiter::core::{Core, Grant, Limits, Passed, Settlement, Waiting};
use crate::engine::retry::{Decision, GaveUp, RetryBudget, Standing, decide};
use crate::engine::trace::{End, Failure, Trace, WaitReason, What};

pub(super) struct State {
    pub(super) core: Core,
    pub(super) trace: Trace,
    /// What was submitted since messages were last applied, each with its rank within an instant.
    pub(super) inbox: Vec<(u64, Message)>,
    pub(super) slots: Vec<Slot>,
    pub(super) timers: Timers,
    /// How many calls have entered and are not over.
    pub(super) n_open: u32,
    /// How many calls are over.
    pub(super) n_over: u32,
    /// Limits that wait to be applied.
    pub(super) next_limits: Option<Limits>,
    retry_budget: RetryBudget,
    holding: Option<WaitReason>,
    /// The limit as the trace knows it.
    limit: u32,
    /// Whether something happened that may let somebody go.
    stirred: bool,
    /// When the limiter asked to be pumped again.
    pump_at_us: Option<u64>,
    /// Why calls that enter now end at once; none while they are welcome.
    closed: Option<GaveUp>,
    /// Counts what changed, for those who look on.
    pub(super) revision: u64,
    /// Whom the limiter let go, and who is to be woken: empty in between, kept for their memory.
    pub(super) passed: Passed,
    pub(super) wakers: Vec<Waker>,
    pub(super) waker: Option<Waker>,
    /// Calls whose caller has gone on without them.
    pub(super) orphans: Vec<LocalBoxFuture<'static, ()>>,
}

impl State {
    pub(super) fn new(setup: &Setup, now_us: u64) -> Self {
        let core = Core::new(setup.limits, now_us);
        State {
            limit: 0,
            core,
            trace: Trace::default(),
            inbox: Vec::new(),
            slots: Vec::new(),
            timers: Timers::new(&setup.timeouts, now_us),
            n_open: 0,
            n_over: 0,
            next_limits: None,
            retry_budget: RetryBudget::default(),
            holding: None,
            stirred: false,
            pump_at_us: None,
            closed: None,
            revision: 0,
            passed: Passed::default(),
            wakers: Vec::new(),
            waker: None,
            orphans: Vec::new(),
        }
    }

    pub(super) fn post(&mut self, message: Message) {
        let order = message.call().and_then(|call| Some(self.slots.get(call.0 as usize)?.order));
        self.inbox.push((message.rank(order), message));
    }

    /// When something happens that nobody needs to bring about.
    pub(super) fn next_wake_us(&mut self) -> Option<u64> {
        earlier(self.timers.next_us(&self.slots), self.pump_at_us)
    }

    /// As `next_wake_us`, in virtual time: first tokens before it are noted as they come, since
    /// nobody does anything then.
    pub(super) fn next_event_us(&mut self, clock_us: Option<u64>) -> Option<u64> {
        let next_us =
            earlier(earlier(self.timers.next_but_foreseen_us(&self.slots), self.pump_at_us), clock_us);
        let State { timers, slots, trace, .. } = self;
        let ends_us =
            timers.first_tokens(next_us, slots, |at_us, call| trace.push(at_us, What::FirstToken(call)));
        earlier(next_us, ends_us)
    }

    /// Applies all that this instant has brought so far, in its order. False where there was nothing.
    pub(super) fn apply_all(&mut self, now_us: u64, setup: &Setup) -> bool {
        let State { timers, slots, inbox, .. } = self;
        timers.ring(now_us, slots, |message| {
            let order = message.call().and_then(|call| Some(slots.get(call.0 as usize)?.order));
            inbox.push((message.rank(order), message));
        });
        if self.inbox.is_empty() {
            return false;
        }
        self.revision += 1;
        self.stirred = true;
        let mut messages = std::mem::take(&mut self.inbox);
        if messages.len() > 1 {
            messages.sort_unstable_by_key(|(rank, _)| *rank);
        }
        for (_, message) in messages.drain(..) {
            self.apply(message, now_us, setup);
        }
        self.inbox = messages;
        true
    }

    fn apply(&mut self, message: Message, now_us: u64, setup: &Setup) {
        match message {
            Message::Enter(call) => self.enter(call, now_us),
            Message::Part(call) => self.part(call, now_us),
            Message::Settled(call) => self.arrived(call, now_us, setup),
            Message::TimedOut(call, stage) => self.timed_out(call, stage, now_us, setup),
            Message::RunTimedOut => self.close(GaveUp::RunTimeout, now_us, setup),
            Message::Cancel(call) => self.give_up(call, GaveUp::Cancelled, now_us, setup),
            Message::StopAll => self.close(GaveUp::Cancelled, now_us, setup),
            Message::Resize => {
                if let Some(limits) = self.next_limits.take() {
                    self.core.resize(limits, now_us);
                }
            }
            Message::CleanedUp(call) => self.end(call, Err(failed(GaveUp::Cancelled)), now_us),
            Message::BackoffEnded(call) => {
                if self.phase(call) == Some(Phase::BackingOff) {
                    self.queue(call, now_us);
                }
            }
            Message::Delivered(call) => self.trace.push(now_us, What::Delivered(call)),
            Message::Used { call, into } => self.trace.push(now_us, What::Used { call, into }),
            Message::Released(call) => self.trace.push(now_us, What::Released(call)),
        }
    }

    fn phase(&self, call: CallId) -> Option<Phase> {
        self.slots.get(call.0 as usize).map(|slot| slot.phase)
    }

    fn enter(&mut self, call: CallId, now_us: u64) {
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
    fn skip(&mut self, call: CallId, gave_up: GaveUp, now_us: u64) {
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

    fn queue(&mut self, call: CallId, now_us: u64) {
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

    fn part(&mut self, call: CallId, now_us: u64) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        if !matches!(slot.phase, Phase::Sent | Phase::InFlight) {
            return;
        }
        if slot.part_us.replace(now_us).is_none() {
            self.trace.push(now_us, What::FirstToken(call));
        }
        // A course that is known has no silences.
        if slot.foreseen.is_none() {
            self.timers.begin(Stage::Idle, call, now_us);
        }
    }

    fn timed_out(&mut self, call: CallId, stage: Stage, now_us: u64, setup: &Setup) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        let after_us = self.timers.after_us(stage).unwrap_or(0);
        // What came at this very instant was faster.
        if slot.began_us(stage).is_none_or(|began_us| began_us.saturating_add(after_us) > now_us) {
            return;
        }
        match stage {
            Stage::Attempt | Stage::FirstToken => {
                self.settle(call, Err(CallError::TimedOut { after_us }), now_us, setup);
            }
            Stage::Idle => {
                let partial = slot.text.partial.clone();
                self.settle(call, Err(CallError::Stalled { after_us, partial }), now_us, setup);
            }
            Stage::Queue => self.give_up(call, GaveUp::QueueTimeout, now_us, setup),
            Stage::Call => self.give_up(call, GaveUp::CallTimeout, now_us, setup),
        }
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

    /// An attempt brought something.
    fn arrived(&mut self, call: CallId, now_us: u64, setup: &Setup) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        if slot.phase != Phase::InFlight {
            return;
        }
        let result = match (slot.arrived.take(), slot.foreseen.take()) {
            (Some(result), _) => *result,
            (None, Some(foreseen)) => foreseen.result,
            (None, None) => return,
        };
        self.settle(call, result, now_us, setup);
    }

    fn settle(&mut self, call: CallId, result: AttemptResult, now_us: u64, setup: &Setup) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        let Some(grant) = slot.grant.take() else { return };
        slot.foreseen = None;
        let error = match result {
            Ok(reply) => {
                let usage = reply.usage;
                let settlement = match usage.certainty {
                    Certainty::Unknown => Settlement::Uncertain,
                    Certainty::Known | Certainty::Estimated => Settlement::Used {
                        tokens: usage.input_tokens.saturating_add(usage.output_tokens),
                        cost_nano_usd: self.core.budget().map_or(0, |budget| {
                            budget.cost_nano_usd(usage.input_tokens, usage.output_tokens)
                        }),
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
                    slot.text.errors.push(error);
                }
                slot.phase = Phase::BackingOff;
                slot.sent = None;
                slot.since_us = now_us + delay_us;
                self.wakers.extend(slot.waker.take());
                let shown_us = u32::try_from(delay_us).unwrap_or(u32::MAX);
                self.trace.push(now_us, What::BackingOff { call, delay_us: shown_us, wait: source });
                self.timers.back_off(now_us + delay_us, call);
                if pause {
                    self.core.pause(now_us + delay_us);
                }
            }
            Decision::GiveUp(gave_up) => {
                slot.text.errors.push(error.clone());
                self.end(call, Err(Failed { gave_up, error: Some(error) }), now_us);
            }
        }
    }

    /// Ends every call, and all that come later.
    fn close(&mut self, gave_up: GaveUp, now_us: u64, setup: &Setup) {
        self.closed = Some(gave_up);
        for call in 0..self.slots.len() {
            self.give_up(CallId(call as u32), gave_up, now_us, setup);
        }
    }

    /// Ends a call from our side.
    fn give_up(&mut self, call: CallId, gave_up: GaveUp, now_us: u64, setup: &Setup) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
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
            Phase::Sent => {
                if let Some(grant) = slot.grant.take() {
                    self.core.settle(grant, Settlement::NeverSent, now_us);
                }
            }
            Phase::InFlight => {
                if let Some(grant) = slot.grant.take() {
                    self.core.settle(grant, Settlement::Uncertain, now_us);
                }
                self.trace.push(now_us, What::Failed { call, failure: Failure::Aborted, status: 0 });
                if gave_up == GaveUp::Cancelled && setup.clean_up_us > 0 {
                    slot.phase = Phase::CleaningUp;
                    slot.foreseen = None;
                    self.wakers.extend(slot.waker.take());
                    self.timers.clean_up(now_us + setup.clean_up_us, call);
                    return;
                }
            }
        }
        self.end(call, Err(failed(gave_up)), now_us);
    }

    /// Ends a call that has entered.
    fn end(&mut self, call: CallId, result: CallResult, now_us: u64) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        slot.phase = Phase::Ended;
        slot.sent = None;
        slot.foreseen = None;
        let what = match &result {
            Ok(reply) => {
                let usage = reply.usage;
                slot.text.partial = String::new();
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
        self.wakers.extend(slot.waker.take());
    }
}

fn failed(gave_up: GaveUp) -> Failed {
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
