//! A run: one future that owns every call it started. Dropping it aborts them all.
//!
//! Calls only submit and await; polling carries no meaning. Within one instant the run polls its
//! arms until they rest, applies what was submitted in an order of its own, and lets arms react;
//! only when nothing is left to apply does the limiter admit. So the order in which futures happen
//! to be polled never shows in the trace.

mod bell;
pub mod call;
mod message;
mod shared;
mod slot;
mod state;
mod timers;

use std::cell::{Ref, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures::future::LocalBoxFuture;

use self::bell::Bell;
use self::call::Call;
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
use super::trace::{Trace, What};

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
    pub error: Option<CallError>,
}

pub type CallResult = Result<Arc<Reply>, Failed>;

/// What is known of a call besides its events.
#[derive(Default)]
pub struct CallText {
    pub request: Option<Arc<Request>>,
    /// What a running attempt has streamed so far.
    pub partial: String,
    /// What each failed attempt met, in order.
    pub errors: Vec<CallError>,
    pub result: Option<CallResult>,
}

#[must_use = "a run does nothing unless polled, and stops when dropped"]
pub struct Run {
    shared: Rc<Shared>,
    arms: Vec<LocalBoxFuture<'static, ()>>,
    n_arms: u8,
    bell: Arc<Bell>,
    /// The bell's, for the arms.
    waker: Waker,
    sleep: Option<(u64, LocalBoxFuture<'static, ()>)>,
}

/// A handle to look at a run, and to stop it.
#[derive(Clone)]
pub struct RunView {
    shared: Rc<Shared>,
}

/// One pattern's part of a run; it makes the calls.
#[derive(Clone)]
pub struct Arm {
    shared: Rc<Shared>,
    arm: u8,
    first: u32,
}

/// What a model tells of an attempt while it runs.
#[derive(Clone)]
pub struct Report {
    shared: Weak<Shared>,
    call: CallId,
}

/// A virtual run came to a point where nothing is in flight, no timer is armed and calls still wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stalled;

impl Run {
    pub fn new(setup: Setup) -> Self {
        let state = State::new(&setup, setup.clock.now_us());
        let shared = Rc::new(Shared { setup, state: RefCell::new(state) });
        let bell = Bell::rung();
        let waker = Waker::from(bell.clone());
        Run { shared, arms: Vec::new(), n_arms: 0, bell, waker, sleep: None }
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
            let first = state.slots.len();
            state.slots.extend((0..n_calls).map(|item| Slot::new(Order::new(priority, item, arm))));
            state.trace.reserve_calls(n_calls as usize);
            first as u32
        };
        let body = body(Arm { shared: self.shared.clone(), arm, first });
        let shared = self.shared.clone();
        self.arms.push(Box::pin(async move {
            body.await;
            let now_us = shared.setup.clock.now_us();
            shared.state.borrow_mut().skip_the_rest(first..first + n_calls, now_us);
        }));
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
        if self.turn().is_ready() {
            self.sleep = None;
            return Poll::Ready(());
        }
        self.shared.state.borrow_mut().waker = Some(context.waker().clone());
        self.bell.tell(context.waker());
        self.arm_timer(context)
    }
}

impl Run {
    /// Does all there is to do at this instant.
    fn turn(&mut self) -> Poll<()> {
        let waker = &self.waker;
        let mut arms_context = Context::from_waker(waker);
        loop {
            if self.bell.take() {
                self.arms.retain_mut(|arm| arm.as_mut().poll(&mut arms_context).is_pending());
                let orphans = std::mem::take(&mut self.shared.state.borrow_mut().orphans);
                if !orphans.is_empty() {
                    self.arms.extend(orphans);
                    waker.wake_by_ref();
                }
            } else if !self.shared.apply() && !self.shared.admit() {
                break;
            }
        }
        if self.arms.is_empty() && self.shared.state.borrow().n_open == 0 {
            return Poll::Ready(());
        }
        Poll::Pending
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
        Ref::filter_map(self.shared.state.borrow(), |state| {
            state.slots.get(call.0 as usize).map(|slot| &slot.text)
        })
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

impl Arm {
    /// Which of the run's arms this is.
    pub fn index(&self) -> u8 {
        self.arm
    }

    pub fn call_id(&self, item: u32) -> CallId {
        CallId(self.first + item)
    }

    /// Gives call number `item` another place in the queue than its number.
    pub fn place(&self, item: u32, place: u32) {
        let mut state = self.shared.state.borrow_mut();
        if let Some(slot) = state.slots.get_mut(self.call_id(item).0 as usize) {
            slot.order = slot.order.at(place);
        }
    }

    /// Makes call number `item` of this arm. Dropping the future cancels the call.
    pub fn call(&self, item: u32, request: impl Into<Arc<Request>>) -> Call {
        let id = self.call_id(item);
        if let Some(slot) = self.shared.state.borrow_mut().slots.get_mut(id.0 as usize) {
            slot.text.request = Some(request.into());
        }
        Call { shared: self.shared.clone(), item, id, attempt: None }
    }

    /// Whether prompts and answers have words, or numbers only.
    pub fn has_texts(&self) -> bool {
        self.shared.setup.texts != Texts::None
    }

    /// Notes that the result of `item` was handed over later than it came.
    pub fn delivered(&self, item: u32) {
        self.shared.post(Message::Delivered(self.call_id(item)));
    }

    /// Notes that the result of `item` went into the prompt of `into`.
    pub fn used(&self, item: u32, into: u32) {
        self.shared.post(Message::Used { call: self.call_id(item), into: self.call_id(into) });
    }

    /// Notes that nobody needs the result of `item` any more, since it was used without a call.
    pub fn release(&self, item: u32) {
        self.shared.post(Message::Released(self.call_id(item)));
        self.forget(item);
    }

    /// Lets go of the texts of `item`, where they are not kept for those who look on.
    pub fn forget(&self, item: u32) {
        if self.shared.setup.texts == Texts::UntilUsed
            && let Some(slot) = self.shared.state.borrow_mut().slots.get_mut(self.call_id(item).0 as usize)
        {
            slot.text = CallText::default();
        }
    }

    /// Notes that the caller goes on although calls are not over.
    pub fn leave(&self) {
        let now_us = self.shared.setup.clock.now_us();
        self.shared.state.borrow_mut().trace.push(now_us, What::Left { arm: self.arm });
    }

    /// Lets calls run on of which the caller takes no more notice.
    pub fn orphan(&self, calls: impl Future<Output = ()> + 'static) {
        self.shared.state.borrow_mut().orphans.push(Box::pin(calls));
    }
}

impl Report {
    /// How many attempts of this call brought no answer before this one, refusals included.
    pub fn n_errors(&self) -> usize {
        let shared = self.shared.upgrade();
        shared
            .and_then(|shared| Some(shared.state.borrow().slots.get(self.call.0 as usize)?.text.errors.len()))
            .unwrap_or(0)
    }

    /// More text of the answer is here.
    pub fn text(&self, more: &str) {
        let Some(shared) = self.shared.upgrade() else { return };
        let mut state = shared.state.borrow_mut();
        state.post(Message::Part(self.call));
        state.revision += 1;
        if let Some(slot) = state.slots.get_mut(self.call.0 as usize) {
            slot.text.partial.push_str(more);
        }
    }
}
