//! The state of a run, and how each message changes it.

use std::task::Waker;

use slab::Slab;

use super::Setup;
use super::group::Members;
use super::ledger::Ledger;
use super::message::Message;
use super::settle::failed;
use super::slot::Phase;
use super::timers::Timers;
use crate::engine::call::CallId;
use crate::engine::clock::earlier;
use crate::engine::limiter::core::{Core, Limits, Passed};
use crate::engine::retry::{GaveUp, RetryBudget};
use crate::engine::trace::{Trace, WaitReason, What};

pub(super) struct State {
    pub(super) core: Core,
    pub(super) trace: Trace,
    /// What was submitted since messages were last applied, each with its rank within an instant.
    pub(super) inbox: Vec<(u64, Message)>,
    pub(super) ledger: Ledger,
    /// Calls that are awaited together.
    pub(super) groups: Slab<Members>,
    pub(super) timers: Timers,
    /// How many calls have entered and are not over.
    pub(super) n_open: u32,
    /// How many calls are over.
    pub(super) n_over: u32,
    /// Limits that wait to be applied.
    pub(super) next_limits: Option<Limits>,
    pub(super) retry_budget: RetryBudget,
    pub(super) holding: Option<WaitReason>,
    /// The limit as the trace knows it.
    pub(super) limit: u32,
    /// Whether something happened that may let somebody go.
    pub(super) stirred: bool,
    /// When the limiter asked to be pumped again.
    pub(super) pump_at_us: Option<u64>,
    /// Why calls that enter now end at once; none while they are welcome.
    pub(super) closed: Option<GaveUp>,
    /// Counts what changed, for those who look on.
    pub(super) revision: u64,
    /// Whom the limiter let go: they are to be sent.
    pub(super) passed: Passed,
    /// Who is to be woken.
    pub(super) wakers: Vec<Waker>,
    pub(super) waker: Option<Waker>,
}

impl State {
    pub(super) fn new(setup: &Setup, now_us: u64) -> Self {
        let core = Core::new(setup.limits, now_us);
        State {
            limit: 0,
            core,
            trace: Trace::default(),
            inbox: Vec::new(),
            ledger: Ledger::default(),
            groups: Slab::new(),
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
        }
    }

    pub(super) fn post(&mut self, message: Message) {
        let order = message.call().and_then(|call| Some(self.ledger.slot(call)?.order));
        self.inbox.push((message.rank(order), message));
    }

    /// When something happens that nobody needs to bring about.
    pub(super) fn next_wake_us(&mut self) -> Option<u64> {
        earlier(self.timers.next_us(&self.ledger), self.pump_at_us)
    }

    /// As `next_wake_us`, in virtual time: first tokens before it are noted as they come, since
    /// nobody does anything then.
    pub(super) fn next_event_us(&mut self, clock_us: Option<u64>) -> Option<u64> {
        let next_us =
            earlier(earlier(self.timers.next_but_foreseen_us(&self.ledger), self.pump_at_us), clock_us);
        let State { timers, ledger, trace, .. } = self;
        let ends_us =
            timers.first_tokens(next_us, ledger, |at_us, call| trace.push(at_us, What::FirstToken(call)));
        earlier(next_us, ends_us)
    }

    /// Applies all that this instant has brought so far, in its order. False where there was nothing.
    pub(super) fn apply_all(&mut self, now_us: u64, setup: &Setup) -> bool {
        let State { timers, ledger, inbox, .. } = self;
        timers.ring(now_us, ledger, |message| {
            let order = message.call().and_then(|call| Some(ledger.slot(call)?.order));
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
        for (_, message) in &messages {
            self.apply(*message, now_us, setup);
        }
        // Applying submits nothing, so it is put back for its memory.
        messages.clear();
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

    pub(super) fn phase(&self, call: CallId) -> Option<Phase> {
        self.ledger.slot(call).map(|slot| slot.phase)
    }
}
