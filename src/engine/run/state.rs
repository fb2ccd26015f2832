//! The state of a run, and how each message changes it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::task::Waker;

use super::message::Message;
use super::slot::{Phase, Slot};
use super::{CallResult, Failed};
use crate::engine::call::{CallError, CallId, Reply};
use crate::engine::limiter::core::{Core, Limits, Order, Settlement, Waiting};
use crate::engine::retry::{Decision, GaveUp, RetryPolicy, decide};
use crate::engine::trace::{End, Failure, Trace, WaitReason, What};

pub(super) struct State {
    pub(super) core: Core,
    pub(super) trace: Trace,
    /// What was submitted since the last turn, each with its rank within an instant.
    pub(super) inbox: Vec<(u64, Message)>,
    pub(super) slots: Vec<Slot>,
    /// Time-outs of attempts, earliest first: all are equally long, so they ring in the order of
    /// admission. One that its slot no longer names is stale and passed over; so for backoffs.
    pub(super) timeouts: VecDeque<(u64, CallId)>,
    /// Ends of backoffs, earliest first.
    pub(super) backoffs: BinaryHeap<Reverse<(u64, CallId)>>,
    /// How many more calls the window takes; none where it takes all.
    pub(super) window_free: Option<u32>,
    /// Calls before the window, in order.
    pub(super) outside: VecDeque<(Order, CallId)>,
    pub(super) holding: Option<WaitReason>,
    /// When the limiter asked to be pumped again.
    pub(super) pump_at_us: Option<u64>,
    pub(super) stopped: bool,
    /// Counts what changed, for those who look on.
    pub(super) revision: u64,
    /// Whom this turn admitted, and whom it wakes: empty between turns, kept for their memory.
    pub(super) admitted: Vec<Waiting>,
    pub(super) wakers: Vec<Waker>,
    pub(super) waker: Option<Waker>,
}

impl State {
    pub(super) fn new(limits: Limits, window: Option<NonZeroU32>, now_us: u64) -> Self {
        State {
            core: Core::new(limits, now_us),
            trace: Trace::default(),
            inbox: Vec::new(),
            slots: Vec::new(),
            timeouts: VecDeque::new(),
            backoffs: BinaryHeap::new(),
            window_free: window.map(NonZeroU32::get),
            outside: VecDeque::new(),
            holding: None,
            pump_at_us: None,
            stopped: false,
            revision: 0,
            admitted: Vec::new(),
            wakers: Vec::new(),
            waker: None,
        }
    }

    pub(super) fn post(&mut self, message: Message) {
        let order = match message.call() {
            Some(call) => self.slots.get(call.0 as usize).map(|slot| slot.order),
            None => None,
        };
        let first = Order { priority: 0, item: 0, arm: 0 };
        self.inbox.push((message.rank(order.unwrap_or(first)), message));
    }

    /// Turns timers that are due into messages.
    pub(super) fn ring(&mut self, now_us: u64) {
        while let Some((at_us, call)) = self.next_timeout()
            && at_us <= now_us
        {
            self.timeouts.pop_front();
            self.post(Message::TimedOut(call));
        }
        while let Some((at_us, call)) = self.next_backoff()
            && at_us <= now_us
        {
            self.backoffs.pop();
            self.post(Message::BackoffEnded(call));
        }
    }

    /// The earliest time-out that is not stale.
    pub(super) fn next_timeout(&mut self) -> Option<(u64, CallId)> {
        while let Some((at_us, call)) = self.timeouts.front().copied() {
            if self.slots.get(call.0 as usize).is_some_and(|slot| slot.times_out_at(at_us)) {
                return Some((at_us, call));
            }
            self.timeouts.pop_front();
        }
        None
    }

    /// The earliest end of a backoff that is not stale.
    pub(super) fn next_backoff(&mut self) -> Option<(u64, CallId)> {
        while let Some(Reverse((at_us, call))) = self.backoffs.peek().copied() {
            if self.slots.get(call.0 as usize).is_some_and(|slot| slot.comes_back_at(at_us)) {
                return Some((at_us, call));
            }
            self.backoffs.pop();
        }
        None
    }

    pub(super) fn next_wake_us(&mut self) -> Option<u64> {
        let timeout_us = self.next_timeout().map(|(at_us, _)| at_us);
        let backoff_us = self.next_backoff().map(|(at_us, _)| at_us);
        [timeout_us, backoff_us, self.pump_at_us].into_iter().flatten().min()
    }

    pub(super) fn apply(&mut self, message: Message, now_us: u64, retry: &RetryPolicy) {
        match message {
            Message::Enter(call) => self.enter(call, now_us),
            Message::Skip(call) => self.end(call, End::Skipped, None, now_us),
            Message::FirstToken(call) => {
                if self.phase(call) == Some(Phase::InFlight) {
                    self.trace.push(now_us, What::FirstToken(call));
                }
            }
            Message::Settled(call, result) => {
                if self.phase(call) == Some(Phase::InFlight) {
                    self.settle(call, result.map_err(|error| *error), now_us, retry);
                }
            }
            Message::TimedOut(call) => {
                if let Some(Phase::InFlight | Phase::Sent) = self.phase(call) {
                    let after_us = retry.attempt_timeout_us.unwrap_or(0);
                    self.settle(call, Err(CallError::TimedOut { after_us }), now_us, retry);
                }
            }
            Message::Cancel(call) => self.cancel(call, now_us),
            Message::StopAll => {
                self.stopped = true;
                for call in 0..self.slots.len() {
                    self.cancel(CallId(call as u32), now_us);
                }
            }
            Message::BackoffEnded(call) => {
                if self.phase(call) == Some(Phase::BackingOff) {
                    self.queue(call);
                }
            }
        }
    }

    pub(super) fn phase(&self, call: CallId) -> Option<Phase> {
        self.slots.get(call.0 as usize).map(|slot| slot.phase)
    }

    pub(super) fn enter(&mut self, call: CallId, now_us: u64) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        if slot.phase != Phase::Entering {
            return;
        }
        if self.stopped {
            self.end(call, End::Skipped, Some(Err(CANCELLED)), now_us);
            return;
        }
        match &mut self.window_free {
            Some(0) => {
                slot.phase = Phase::Outside;
                let order = slot.order;
                let place = self.outside.partition_point(|(other, _)| *other < order);
                self.outside.insert(place, (order, call));
                return;
            }
            Some(free) => *free -= 1,
            None => {}
        }
        self.trace.push(now_us, What::Entered(call));
        self.queue(call);
    }

    pub(super) fn queue(&mut self, call: CallId) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        slot.phase = Phase::Waiting;
        self.core.submit(Waiting { order: slot.order, call, tokens: slot.reserved_tokens() });
    }

    pub(super) fn admit(&mut self, now_us: u64, timeout_us: Option<u64>) -> Vec<Waiting> {
        let mut admitted = std::mem::take(&mut self.admitted);
        let pumped = self.core.pump(now_us, &mut admitted);
        self.pump_at_us = pumped.wake_at_us;
        for waiting in &admitted {
            self.trace.push(now_us, What::Admitted(waiting.call));
            let Some(slot) = self.slots.get_mut(waiting.call.0 as usize) else { continue };
            slot.phase = Phase::Sent;
            slot.text.partial.clear();
            if let Some(timeout_us) = timeout_us {
                slot.timer_us = Some(now_us + timeout_us);
                self.timeouts.push_back((now_us + timeout_us, waiting.call));
            }
        }
        if pumped.holding != self.holding {
            self.holding = pumped.holding;
            self.trace.push(now_us, What::Holding(pumped.holding));
        }
        admitted
    }

    pub(super) fn settle(
        &mut self,
        call: CallId,
        result: Result<Arc<Reply>, CallError>,
        now_us: u64,
        retry: &RetryPolicy,
    ) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        slot.timer_us = None;
        let reserved = slot.reserved_tokens();
        let error = match result {
            Ok(reply) => {
                let usage = reply.usage;
                let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
                self.core.settle(reserved, Settlement::Used { tokens });
                self.trace.push(
                    now_us,
                    What::Served {
                        call,
                        input_tokens: usage.input_tokens,
                        output_tokens: usage.output_tokens,
                        certainty: usage.certainty,
                    },
                );
                self.end(call, End::Served, Some(Ok(reply)), now_us);
                return;
            }
            Err(error) => error,
        };
        let (failure, status, settlement) = classify(&error);
        match failure {
            Failure::Refused => slot.tries.refusals += 1,
            _ => slot.tries.failures += 1,
        }
        let draws = slot.text.request.as_ref().map(|request| request.draws);
        let decision = match draws {
            Some(draws) => decide(retry, &error, slot.tries, draws),
            None => Decision::GiveUp(GaveUp::Final),
        };
        slot.text.errors.push(error.clone());
        self.core.settle(reserved, settlement);
        self.trace.push(now_us, What::Failed { call, failure, status });
        match decision {
            Decision::Retry { delay_us, source, pause } => {
                slot.phase = Phase::BackingOff;
                slot.sent = None;
                self.wakers.extend(slot.waker.take());
                let shown_us = u32::try_from(delay_us).unwrap_or(u32::MAX);
                self.trace.push(now_us, What::BackingOff { call, delay_us: shown_us, wait: source });
                slot.timer_us = Some(now_us + delay_us);
                self.backoffs.push(Reverse((now_us + delay_us, call)));
                if pause {
                    self.core.pause(now_us + delay_us);
                }
            }
            Decision::GiveUp(gave_up) => {
                let failed = Failed { gave_up, error: Some(error) };
                self.end(call, End::Failed, Some(Err(failed)), now_us);
            }
        }
    }

    pub(super) fn cancel(&mut self, call: CallId, now_us: u64) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        let order = slot.order;
        slot.timer_us = None;
        match slot.phase {
            // A call that was not made yet is refused on entry once the run is stopped.
            Phase::Fresh | Phase::Ended | Phase::Taken => return,
            Phase::Entering | Phase::BackingOff => {}
            Phase::Outside => {
                self.outside.retain(|(_, other)| *other != call);
            }
            Phase::Waiting => self.core.cancel(order),
            Phase::Sent => self.core.settle(slot.reserved_tokens(), Settlement::NeverSent),
            Phase::InFlight => {
                self.core.settle(slot.reserved_tokens(), Settlement::Uncertain);
                self.trace.push(now_us, What::Failed { call, failure: Failure::Aborted, status: 0 });
            }
        }
        self.end(call, End::Cancelled, Some(Err(CANCELLED)), now_us);
    }

    pub(super) fn end(&mut self, call: CallId, end: End, result: Option<CallResult>, now_us: u64) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        let entered = !matches!(slot.phase, Phase::Fresh | Phase::Entering | Phase::Outside);
        slot.phase = Phase::Ended;
        slot.sent = None;
        if end == End::Served {
            slot.text.partial = String::new();
        }
        let bytes = match &result {
            Some(Ok(reply)) => u32::try_from(reply.text.len()).unwrap_or(u32::MAX),
            _ => 0,
        };
        slot.text.result = result;
        self.wakers.extend(slot.waker.take());
        self.trace.push(now_us, What::Ended { call, end, bytes });
        if entered {
            self.let_in(now_us);
        }
    }

    /// A place in the window became free: the next call outside takes it.
    pub(super) fn let_in(&mut self, now_us: u64) {
        let Some(free) = &mut self.window_free else { return };
        match self.outside.pop_front() {
            Some((_, call)) => {
                self.trace.push(now_us, What::Entered(call));
                self.queue(call);
            }
            None => *free += 1,
        }
    }
}

const CANCELLED: Failed = Failed { gave_up: GaveUp::Cancelled, error: None };

/// How an error is counted, and what it leaves of the reservation.
fn classify(error: &CallError) -> (Failure, u16, Settlement) {
    match error {
        CallError::Refused { status, .. } => (Failure::Refused, *status, Settlement::TurnedAway),
        CallError::Server { status, .. } => (Failure::Server, *status, Settlement::Uncertain),
        CallError::Unreachable { .. } => (Failure::Unreachable, 0, Settlement::Uncertain),
        CallError::TimedOut { .. } => (Failure::TimedOut, 0, Settlement::Uncertain),
        CallError::Unauthorized { status, .. } => (Failure::Unauthorized, *status, Settlement::TurnedAway),
        CallError::OutOfQuota { status, .. } => (Failure::OutOfQuota, *status, Settlement::TurnedAway),
        CallError::Rejected { status, .. } => (Failure::Rejected, *status, Settlement::TurnedAway),
        CallError::Malformed { .. } => (Failure::Malformed, 200, Settlement::Uncertain),
        CallError::Truncated { .. } => (Failure::Truncated, 200, Settlement::Uncertain),
    }
}
