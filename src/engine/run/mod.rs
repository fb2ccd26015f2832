//! A run: one future that owns every call it started. Dropping it aborts them all.
//!
//! Calls only submit and await; polling carries no meaning. Each turn of the loop sorts what was
//! submitted within one instant, applies it, pumps the limiter once and then wakes whom it
//! concerns, so the order in which futures happen to be polled never shows in the trace.

mod bell;
mod call;
mod message;
mod slot;
mod state;
mod turn;

use std::cell::{Ref, RefCell};
use std::future::Future;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::future::LocalBoxFuture;

use self::bell::Bell;
pub use self::call::Call;
use self::message::Message;
use self::slot::Slot;
use self::state::State;
use self::turn::Shared;
use super::call::{CallError, CallId, Model, Reply, Request};
use super::clock::{Clock, VirtualClock};
use super::limiter::core::{Limits, Order};
use super::retry::{GaveUp, RetryPolicy};
use super::trace::Trace;

/// What a run needs of the world and of the person.
pub struct Setup {
    pub clock: Rc<dyn Clock>,
    pub model: Rc<dyn Model>,
    pub limits: Limits,
    pub retry: RetryPolicy,
    /// How many calls may be between entry and end at once; none lets all in.
    pub window: Option<NonZeroU32>,
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
    bell: Arc<Bell>,
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
        let state = State::new(setup.limits, setup.window, setup.clock.now_us());
        let shared = Rc::new(Shared { setup, state: RefCell::new(state) });
        Run { shared, arms: Vec::new(), bell: Arc::default(), sleep: None }
    }

    /// Adds an arm of at most `n_calls` calls; `body` makes them.
    pub fn add_arm<F>(&mut self, n_calls: u32, body: impl FnOnce(Arm) -> F)
    where
        F: Future<Output = ()> + 'static,
    {
        let arm = u8::try_from(self.arms.len()).unwrap_or(u8::MAX);
        let first = {
            let mut state = self.shared.state.borrow_mut();
            let first = state.slots.len();
            let slots = (0..n_calls).map(|item| Slot::new(Order { priority: 0, item, arm }));
            state.slots.extend(slots);
            state.trace.reserve_calls(n_calls as usize);
            first as u32
        };
        self.arms.push(Box::pin(body(Arm { shared: self.shared.clone(), arm, first })));
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
        let mut context = Context::from_waker(futures::task::noop_waker_ref());
        if Pin::new(self).poll(&mut context).is_ready() {
            return Ok(Progress::Done);
        }
        if clock.advance() { Ok(Progress::More) } else { Err(Stalled) }
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
        self.shared.state.borrow_mut().waker = Some(context.waker().clone());
        let waker = self.bell.waker(context.waker());
        let mut arms_context = Context::from_waker(&waker);
        loop {
            self.bell.silence();
            self.arms.retain_mut(|arm| arm.as_mut().poll(&mut arms_context).is_pending());
            if !self.bell.rang() && !self.shared.turn() {
                break;
            }
        }
        if self.arms.is_empty() {
            self.sleep = None;
            return Poll::Ready(());
        }
        self.arm_timer(context)
    }
}

impl Run {
    /// One timer serves the whole run: the earliest of all wake-ups.
    fn arm_timer(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let next_us = self.shared.state.borrow_mut().next_wake_us();
        if self.sleep.as_ref().map(|(at_us, _)| *at_us) != next_us {
            self.sleep = next_us.map(|at_us| (at_us, self.shared.setup.clock.sleep_until(at_us)));
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

    pub fn in_flight(&self) -> u32 {
        self.shared.state.borrow().core.in_flight()
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

    /// Makes call number `item` of this arm. Dropping the future cancels the call.
    pub fn call(&self, item: u32, request: Request) -> Call {
        let id = self.call_id(item);
        if let Some(slot) = self.shared.state.borrow_mut().slots.get_mut(id.0 as usize) {
            slot.text.request = Some(Arc::new(request));
        }
        Call { shared: self.shared.clone(), id, attempt: None }
    }

    /// Notes that call number `item` is not made, since nothing arrived for it.
    pub fn skip(&self, item: u32) {
        self.shared.post(Message::Skip(self.call_id(item)));
    }
}

impl Report {
    /// The first part of the answer is here.
    pub fn first_token(&self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.post(Message::FirstToken(self.call));
        }
    }

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
        state.revision += 1;
        if let Some(slot) = state.slots.get_mut(self.call.0 as usize) {
            slot.text.partial.push_str(more);
        }
    }
}
