//! A run: one future that owns every call it started. Dropping it aborts them all.
//!
//! Calls only submit and await; polling carries no meaning. Within one instant the run polls its
//! arms until they rest, applies what was submitted in an order of its own, and lets arms react;
//! only when nothing is left to apply does the limiter admit. So the order in which futures happen
//! to be polled never shows in the trace.

mod admit;
pub mod arm;
mod attempts;
mod bell;
pub mod call;
mod flight;
pub mod group;
mod ledger;
mod message;
pub mod report;
mod settle;
mod shared;
mod slot;
mod state;
mod timers;

use std::cell::{Ref, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures::future::LocalBoxFuture;

use self::arm::Arm;
use self::attempts::Attempts;
use self::bell::Bell;
use self::message::Message;
use self::shared::Shared;
use self::slot::Slot;
use self::state::State;
use super::call::{CallError, CallId, Model, Reply, Request};
use super::clock::{Clock, VirtualClock};
use super::limiter::budget::Spending;
use super::limiter::core::{Limits, Order};
use super::retry::{GaveUp, RetryPolicy};
use super::timeouts::Timeouts;
use super::trace::Trace;

/// What a run needs of the world and of the person.
pub struct Setup {
    pub clock: Rc<dyn Clock>,
    pub model: Rc<dyn Model>,
    pub limits: Limits,
    pub retry: RetryPolicy,
    pub timeouts: Timeouts,
    /// How long a call that was cancelled in flight takes until its caller hears of it. Its permit
    /// is free at once.
    pub clean_up_us: u64,
    pub texts: Texts,
}

impl Setup {
    /// No limit but on concurrency, retries and time-outs as they are usual.
    pub fn new(clock: Rc<dyn Clock>, model: Rc<dyn Model>, limits: Limits) -> Self {
        Setup {
            clock,
            model,
            limits,
            retry: RetryPolicy::STANDARD,
            timeouts: Timeouts::STREAMED,
            clean_up_us: 0,
            texts: Texts::Kept,
        }
    }
}

/// What becomes of prompts and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// They are kept for those who look on.
    Kept,
    /// They are let go once their result was used, so that a run of any length fits into memory.
    UntilUsed,
    /// Prompts are not even written: only numbers count.
    None,
}

/// A call that brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    pub gave_up: GaveUp,
    /// What the last attempt met; none where there was no attempt.
    pub error: Option<Box<CallError>>,
}

pub type CallResult = Result<Arc<Reply>, Failed>;

/// What is known of a call besides its events.
#[derive(Default)]
pub struct CallText {
    pub request: Option<Arc<Request>>,
    pub result: Option<CallResult>,
    /// Most calls of a simulation have none, and there may be very many calls.
    on_the_way: Option<Box<OnTheWay>>,
}

#[derive(Default)]
struct OnTheWay {
    partial: String,
    errors: Vec<CallError>,
    heads: Vec<(usize, String)>,
}

impl CallText {
    /// What a running attempt has streamed so far.
    pub fn partial(&self) -> &str {
        self.on_the_way.as_ref().map_or("", |text| &text.partial)
    }

    /// What each failed attempt met, in order.
    pub fn errors(&self) -> &[CallError] {
        self.on_the_way.as_ref().map_or(&[], |text| &text.errors)
    }

    /// The head of each reply, and how many attempts had brought no answer before it.
    pub fn heads(&self) -> &[(usize, String)] {
        self.on_the_way.as_ref().map_or(&[], |text| &text.heads)
    }

    fn on_the_way(&mut self) -> &mut OnTheWay {
        self.on_the_way.get_or_insert_default()
    }

    /// An attempt begins, or the answer is whole.
    fn clear_partial(&mut self) {
        if let Some(text) = &mut self.on_the_way {
            text.partial = String::new();
        }
    }
}

#[must_use = "a run does nothing unless polled, and stops when dropped"]
pub struct Run {
    shared: Rc<Shared>,
    arms: Vec<LocalBoxFuture<'static, ()>>,
    n_arms: u8,
    /// Rings for the arms.
    bell: Arc<Bell>,
    attempts: Attempts,
    sleep: Option<(u64, LocalBoxFuture<'static, ()>)>,
}

/// A handle to look at a run, and to stop it.
#[derive(Clone)]
pub struct RunView {
    shared: Rc<Shared>,
}

/// A virtual run came to a point where nothing is in flight, no timer is armed and calls still wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stalled;

impl Run {
    pub fn new(setup: Setup) -> Self {
        let state = State::new(&setup, setup.clock.now_us());
        let shared = Rc::new(Shared { setup, state: RefCell::new(state) });
        let (bell, attempts) = (Bell::silent(), Attempts::new());
        Run { shared, arms: Vec::new(), n_arms: 0, bell, attempts, sleep: None }
    }

    /// Adds an arm of at most `n_calls` calls; `body` makes them. Of two arms with calls of the same
    /// number the one with the lower `priority` goes first, whatever the numbers.
    pub fn add_arm<F>(&mut self, n_calls: u32, priority: u8, body: impl FnOnce(Arm) -> F)
    where
        F: Future<Output = ()> + 'static,
    {
        let arm = self.n_arms;
        self.n_arms = arm.saturating_add(1);
        let first = {
            let mut state = self.shared.state.borrow_mut();
            let first = state.ledger.slots.len();
            state.ledger.slots.extend((0..n_calls).map(|item| Slot::new(Order::new(priority, item, arm))));
            state.trace.reserve_calls(n_calls as usize);
            state.inbox.reserve(n_calls as usize);
            state.core.reserve(n_calls as usize);
            first as u32
        };
        let body = body(Arm { shared: self.shared.clone(), arm, first });
        let shared = self.shared.clone();
        self.arms.push(Box::pin(async move {
            body.await;
            let now_us = shared.setup.clock.now_us();
            shared.state.borrow_mut().skip_the_rest(first..first + n_calls, now_us);
        }));
        self.bell.ring();
    }

    pub fn view(&self) -> RunView {
        RunView { shared: self.shared.clone() }
    }

    /// Runs to the end in virtual time.
    pub fn finish(mut self, clock: &VirtualClock) -> Result<RunView, Stalled> {
        loop {
            match self.advance(clock) {
                Ok(Progress::Done) => return Ok(self.view()),
                Ok(Progress::More) => {}
                Err(stalled) => return Err(stalled),
            }
        }
    }

    /// Goes to the next instant at which something happens, in virtual time.
    pub fn advance(&mut self, clock: &VirtualClock) -> Result<Progress, Stalled> {
        // In virtual time nobody has to be woken: the run is polled again as soon as it is somewhen else.
        if self.turn().is_ready() {
            return Ok(Progress::Done);
        }
        let next_us = self.shared.state.borrow_mut().next_event_us(clock.next_us());
        if clock.advance(next_us) { Ok(Progress::More) } else { Err(Stalled) }
    }
}

/// Whether a run that was advanced has more to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    More,
    Done,
}

impl Future for Run {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // While it is polled nobody needs to be told that there is something to do.
        self.shared.state.borrow_mut().waker = None;
        self.bell.hush();
        self.attempts.bell.hush();
        if self.turn().is_ready() {
            self.sleep = None;
            return Poll::Ready(());
        }
        self.shared.state.borrow_mut().waker = Some(context.waker().clone());
        self.bell.tell(context.waker());
        self.attempts.bell.tell(context.waker());
        self.arm_timer(context)
    }
}

impl Run {
    /// Does all there is to do at this instant.
    fn turn(&mut self) -> Poll<()> {
        let now_us = self.shared.setup.clock.now_us();
        // What attempts bring comes before what timers take from them. Who was admitted is sent once
        // nobody takes it back.
        while self.poll_arms() || self.attempts.poll() || self.shared.go_on(now_us, &mut self.attempts) {}
        if self.arms.is_empty() && self.shared.state.borrow().n_open == 0 {
            return Poll::Ready(());
        }
        Poll::Pending
    }

    /// False where nobody was woken.
    fn poll_arms(&mut self) -> bool {
        if !self.bell.take() {
            return false;
        }
        let waker = Waker::from(self.bell.clone());
        let mut context = Context::from_waker(&waker);
        self.arms.retain_mut(|arm| arm.as_mut().poll(&mut context).is_pending());
        true
    }

    /// One timer serves the whole run: the earliest of all wake-ups.
    fn arm_timer(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let next_us = self.shared.state.borrow_mut().next_wake_us();
        match (&self.sleep, next_us) {
            // One that rings too early does no harm: a browser's timers are dear, so it is kept.
            (Some((armed_us, _)), Some(next_us)) if *armed_us <= next_us => {}
            _ => self.sleep = next_us.map(|at_us| (at_us, self.shared.setup.clock.sleep_until(at_us))),
        }
        if let Some((_, sleep)) = &mut self.sleep
            && sleep.as_mut().poll(context).is_ready()
        {
            // The instant came while this turn ran: take another at once.
            self.sleep = None;
            context.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl RunView {
    pub fn trace(&self) -> Ref<'_, Trace> {
        Ref::map(self.shared.state.borrow(), |state| &state.trace)
    }

    pub fn now_us(&self) -> u64 {
        self.shared.setup.clock.now_us()
    }

    /// Rises whenever there is something new to see.
    pub fn revision(&self) -> u64 {
        self.shared.state.borrow().revision
    }

    /// The texts of a call; none for an index the run does not have.
    pub fn text(&self, call: CallId) -> Option<Ref<'_, CallText>> {
        Ref::filter_map(self.shared.state.borrow(), |state| state.ledger.slot(call).map(|slot| &slot.text))
            .ok()
    }

    /// How many calls are over.
    pub fn n_over(&self) -> u32 {
        self.shared.state.borrow().n_over
    }

    /// Cancels every call that has not ended. Results that are there stay.
    pub fn stop(&self) {
        self.shared.post(Message::StopAll);
        self.shared.wake();
    }

    /// Cancels one call.
    pub fn cancel(&self, call: CallId) {
        self.shared.post(Message::Cancel(call));
        self.shared.wake();
    }

    /// Goes on under other limits. Nobody in flight is stopped.
    pub fn set_limits(&self, limits: Limits) {
        self.shared.state.borrow_mut().next_limits = Some(limits);
        self.shared.post(Message::Resize);
        self.shared.wake();
    }

    pub fn in_flight(&self) -> u32 {
        self.shared.state.borrow().core.in_flight()
    }

    /// What the calls have cost so far, and what is reserved for those in flight.
    pub fn spending(&self) -> Spending {
        self.shared.state.borrow().core.spending()
    }
}
