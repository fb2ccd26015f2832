//! A run: one future that owns every call it started. Dropping it aborts them all.
//!
//! Calls only submit and await; polling carries no meaning. Each turn of the loop sorts what was
//! submitted within one instant, applies it, pumps the limiter once and then wakes whom it
//! concerns, so the order in which futures happen to be polled never shows in the trace.

use std::cell::{Ref, RefCell};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::future::Future;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures::future::LocalBoxFuture;

use super::call::{CallError, CallId, Model, Reply, Request};
use super::clock::{Clock, VirtualClock};
use super::limiter::core::{Core, Limits, Order, Settlement, Waiting};
use super::retry::{Decision, GaveUp, RetryPolicy, Tries, decide};
use super::trace::{End, Failure, Trace, WaitReason, What};

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
        let now_us = setup.clock.now_us();
        let state = State {
            core: Core::new(setup.limits, now_us),
            trace: Trace::default(),
            inbox: Vec::new(),
            slots: Vec::new(),
            timers: BinaryHeap::new(),
            window_free: setup.window.map(NonZeroU32::get),
            outside: VecDeque::new(),
            holding: None,
            pump_at_us: None,
            stopped: false,
            revision: 0,
            waker: None,
        };
        Run { shared: Rc::new(Shared { setup, state: RefCell::new(state) }), arms: Vec::new(), sleep: None }
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
        loop {
            self.arms.retain_mut(|arm| arm.as_mut().poll(context).is_pending());
            if !self.shared.turn() {
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

/// A call under way, from entry through all its attempts to its end.
#[must_use = "a call does nothing unless polled, and is cancelled when dropped"]
pub struct Call {
    shared: Rc<Shared>,
    id: CallId,
    attempt: Option<Attempt>,
}

type Attempt = LocalBoxFuture<'static, Result<Reply, CallError>>;

impl Future for Call {
    type Output = CallResult;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<CallResult> {
        let this = &mut *self;
        {
            let mut state = this.shared.state.borrow_mut();
            let State { slots, inbox, .. } = &mut *state;
            let Some(slot) = slots.get_mut(this.id.0 as usize) else { return Poll::Pending };
            match &slot.phase {
                Phase::Ended => {
                    this.attempt = None;
                    if let Some(result) = &slot.text.result {
                        let result = result.clone();
                        slot.phase = Phase::Taken;
                        return Poll::Ready(result);
                    }
                }
                Phase::Fresh => {
                    slot.phase = Phase::Entering;
                    file(inbox, Message::Enter(this.id), slot.order);
                }
                Phase::Sent => {
                    this.attempt = slot.sent.take();
                    slot.phase = Phase::InFlight;
                }
                Phase::InFlight => {}
                Phase::Entering | Phase::Outside | Phase::Waiting | Phase::BackingOff | Phase::Taken => {
                    this.attempt = None;
                }
            }
            match &mut slot.waker {
                Some(waker) => waker.clone_from(context.waker()),
                empty => *empty = Some(context.waker().clone()),
            }
        }
        if let Some(attempt) = &mut this.attempt
            && let Poll::Ready(result) = attempt.as_mut().poll(context)
        {
            this.attempt = None;
            this.shared.post(Message::Settled(this.id, Box::new(result)));
        }
        Poll::Pending
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // First the attempt, so that its connection closes before its permit is given on.
        self.attempt = None;
        let over = {
            let mut state = self.shared.state.borrow_mut();
            let Some(slot) = state.slots.get_mut(self.id.0 as usize) else { return };
            slot.waker = None;
            matches!(slot.phase, Phase::Fresh | Phase::Ended | Phase::Taken)
        };
        if !over {
            self.shared.post(Message::Cancel(self.id));
            self.shared.wake();
        }
    }
}

struct Shared {
    setup: Setup,
    state: RefCell<State>,
}

struct State {
    core: Core,
    trace: Trace,
    /// What was submitted since the last turn, each with its rank within an instant, by rank.
    inbox: Vec<(u64, Message)>,
    slots: Vec<Slot>,
    /// Earliest first. A timer that its slot no longer names is stale and passed over.
    timers: BinaryHeap<Reverse<(u64, Timer)>>,
    /// How many more calls the window takes; none where it takes all.
    window_free: Option<u32>,
    /// Calls before the window, in order.
    outside: VecDeque<(Order, CallId)>,
    holding: Option<WaitReason>,
    /// When the limiter asked to be pumped again.
    pump_at_us: Option<u64>,
    stopped: bool,
    /// Counts what changed, for those who look on.
    revision: u64,
    waker: Option<Waker>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    AttemptTimeout(CallId),
    BackoffEnd(CallId),
}

struct Slot {
    order: Order,
    phase: Phase,
    waker: Option<Waker>,
    /// An attempt that was sent and not yet taken up by its call.
    sent: Option<Attempt>,
    /// The timer that is armed for it: its time-out while in flight, its return while backing off.
    timer: Option<(u64, Timer)>,
    tries: Tries,
    text: CallText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Never polled.
    Fresh,
    /// Its entry is in the inbox.
    Entering,
    /// Before the window.
    Outside,
    /// In the limiter's queue.
    Waiting,
    /// Admitted, the attempt not yet taken up.
    Sent,
    InFlight,
    BackingOff,
    Ended,
    /// Ended, and the result was handed out.
    Taken,
}

enum Message {
    FirstToken(CallId),
    Settled(CallId, Box<Result<Reply, CallError>>),
    TimedOut(CallId),
    Cancel(CallId),
    StopAll,
    BackoffEnded(CallId),
    Enter(CallId),
    Skip(CallId),
}

impl Message {
    fn call(&self) -> Option<CallId> {
        match self {
            Message::StopAll => None,
            Message::FirstToken(call)
            | Message::Settled(call, _)
            | Message::TimedOut(call)
            | Message::Cancel(call)
            | Message::BackoffEnded(call)
            | Message::Enter(call)
            | Message::Skip(call) => Some(*call),
        }
    }

    /// The order within one instant: completions, time-outs, cancels, backoff ends, submissions;
    /// within each by the call's place in the queue.
    fn rank(&self, order: Order) -> u64 {
        let class = match self {
            Message::FirstToken(_) | Message::Settled(..) => 0,
            Message::TimedOut(_) => 1,
            Message::Cancel(_) | Message::StopAll => 2,
            Message::BackoffEnded(_) => 3,
            Message::Enter(_) | Message::Skip(_) => 4,
        };
        // A first token comes before the end of the same attempt.
        let is_end = u64::from(matches!(self, Message::Settled(..)));
        let Order { priority, item, arm } = order;
        class << 56 | u64::from(priority) << 48 | u64::from(item) << 16 | u64::from(arm) << 8 | is_end
    }
}

/// Puts a message in its place. Most come in their order, which is the end.
fn file(inbox: &mut Vec<(u64, Message)>, message: Message, order: Order) {
    let rank = message.rank(order);
    let place = inbox.partition_point(|(other, _)| *other <= rank);
    inbox.insert(place, (rank, message));
}

impl Shared {
    fn post(&self, message: Message) {
        self.state.borrow_mut().post(message);
    }

    fn wake(&self) {
        let waker = self.state.borrow_mut().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// One turn: apply what this instant brought, admit, wake. False where there was nothing.
    fn turn(self: &Rc<Self>) -> bool {
        let now_us = self.setup.clock.now_us();
        let mut wakers = Vec::new();
        let admitted = {
            let mut state = self.state.borrow_mut();
            state.ring(now_us);
            let pump_due = state.pump_at_us.is_some_and(|at_us| at_us <= now_us);
            if state.inbox.is_empty() && !pump_due {
                return false;
            }
            state.revision += 1;
            for (_, message) in std::mem::take(&mut state.inbox) {
                state.apply(message, now_us, &self.setup.retry, &mut wakers);
            }
            state.admit(now_us, self.setup.retry.attempt_timeout_us)
        };
        for waiting in admitted {
            self.send(waiting.call, &mut wakers);
        }
        for waker in wakers {
            waker.wake();
        }
        true
    }

    /// Starts the attempt of an admitted call.
    fn send(self: &Rc<Self>, call: CallId, wakers: &mut Vec<Waker>) {
        let (request, attempt) = {
            let state = self.state.borrow();
            let Some(slot) = state.slots.get(call.0 as usize) else { return };
            let Some(request) = slot.text.request.clone() else { return };
            (request, slot.tries.failures)
        };
        let report = Report { shared: Rc::downgrade(self), call };
        let sent = self.setup.model.send(&request, attempt, report);
        let mut state = self.state.borrow_mut();
        let Some(slot) = state.slots.get_mut(call.0 as usize) else { return };
        slot.sent = Some(sent);
        wakers.extend(slot.waker.take());
    }
}

impl Slot {
    fn new(order: Order) -> Self {
        Slot {
            order,
            phase: Phase::Fresh,
            waker: None,
            sent: None,
            timer: None,
            tries: Tries::default(),
            text: CallText::default(),
        }
    }

    fn reserved_tokens(&self) -> u32 {
        self.text.request.as_ref().map_or(0, |request| request.reserved_tokens())
    }
}

impl State {
    fn post(&mut self, message: Message) {
        let order = match message.call() {
            Some(call) => self.slots.get(call.0 as usize).map(|slot| slot.order),
            None => None,
        };
        let first = Order { priority: 0, item: 0, arm: 0 };
        file(&mut self.inbox, message, order.unwrap_or(first));
    }

    /// Turns timers that are due into messages.
    fn ring(&mut self, now_us: u64) {
        while let Some(at_us) = self.next_timer_us()
            && at_us <= now_us
        {
            match self.timers.pop() {
                Some(Reverse((_, Timer::AttemptTimeout(call)))) => self.post(Message::TimedOut(call)),
                Some(Reverse((_, Timer::BackoffEnd(call)))) => self.post(Message::BackoffEnded(call)),
                None => return,
            }
        }
    }

    /// When the earliest timer rings that is not stale.
    fn next_timer_us(&mut self) -> Option<u64> {
        while let Some(Reverse(armed)) = self.timers.peek() {
            let (Timer::AttemptTimeout(call) | Timer::BackoffEnd(call)) = armed.1;
            if self.slots.get(call.0 as usize).is_some_and(|slot| slot.timer.as_ref() == Some(armed)) {
                return Some(armed.0);
            }
            self.timers.pop();
        }
        None
    }

    fn next_wake_us(&mut self) -> Option<u64> {
        match (self.next_timer_us(), self.pump_at_us) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    fn apply(&mut self, message: Message, now_us: u64, retry: &RetryPolicy, wakers: &mut Vec<Waker>) {
        match message {
            Message::Enter(call) => self.enter(call, now_us, wakers),
            Message::Skip(call) => self.end(call, End::Skipped, None, now_us, wakers),
            Message::FirstToken(call) => {
                if self.phase(call) == Some(Phase::InFlight) {
                    self.trace.push(now_us, What::FirstToken(call));
                }
            }
            Message::Settled(call, result) => {
                if self.phase(call) == Some(Phase::InFlight) {
                    self.settle(call, *result, now_us, retry, wakers);
                }
            }
            Message::TimedOut(call) => {
                if let Some(Phase::InFlight | Phase::Sent) = self.phase(call) {
                    let after_us = retry.attempt_timeout_us.unwrap_or(0);
                    self.settle(call, Err(CallError::TimedOut { after_us }), now_us, retry, wakers);
                }
            }
            Message::Cancel(call) => self.cancel(call, now_us, wakers),
            Message::StopAll => {
                self.stopped = true;
                for call in 0..self.slots.len() {
                    self.cancel(CallId(call as u32), now_us, wakers);
                }
            }
            Message::BackoffEnded(call) => {
                if self.phase(call) == Some(Phase::BackingOff) {
                    self.queue(call);
                }
            }
        }
    }

    fn phase(&self, call: CallId) -> Option<Phase> {
        self.slots.get(call.0 as usize).map(|slot| slot.phase)
    }

    fn enter(&mut self, call: CallId, now_us: u64, wakers: &mut Vec<Waker>) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        if slot.phase != Phase::Entering {
            return;
        }
        if self.stopped {
            self.end(call, End::Skipped, Some(Err(CANCELLED)), now_us, wakers);
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

    fn queue(&mut self, call: CallId) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        slot.phase = Phase::Waiting;
        self.core.submit(Waiting { order: slot.order, call, tokens: slot.reserved_tokens() });
    }

    fn admit(&mut self, now_us: u64, timeout_us: Option<u64>) -> Vec<Waiting> {
        let mut admitted = Vec::new();
        let pumped = self.core.pump(now_us, &mut admitted);
        self.pump_at_us = pumped.wake_at_us;
        for waiting in &admitted {
            self.trace.push(now_us, What::Admitted(waiting.call));
            let Some(slot) = self.slots.get_mut(waiting.call.0 as usize) else { continue };
            slot.phase = Phase::Sent;
            slot.text.partial.clear();
            slot.timer = timeout_us.map(|us| (now_us + us, Timer::AttemptTimeout(waiting.call)));
            if let Some(timer) = slot.timer {
                self.timers.push(Reverse(timer));
            }
        }
        if pumped.holding != self.holding {
            self.holding = pumped.holding;
            self.trace.push(now_us, What::Holding(pumped.holding));
        }
        admitted
    }

    fn settle(
        &mut self,
        call: CallId,
        result: Result<Reply, CallError>,
        now_us: u64,
        retry: &RetryPolicy,
        wakers: &mut Vec<Waker>,
    ) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        slot.timer = None;
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
                self.end(call, End::Served, Some(Ok(Arc::new(reply))), now_us, wakers);
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
                wakers.extend(slot.waker.take());
                let shown_us = u32::try_from(delay_us).unwrap_or(u32::MAX);
                self.trace.push(now_us, What::BackingOff { call, delay_us: shown_us, wait: source });
                let timer = (now_us + delay_us, Timer::BackoffEnd(call));
                slot.timer = Some(timer);
                self.timers.push(Reverse(timer));
                if pause {
                    self.core.pause(now_us + delay_us);
                }
            }
            Decision::GiveUp(gave_up) => {
                let failed = Failed { gave_up, error: Some(error) };
                self.end(call, End::Failed, Some(Err(failed)), now_us, wakers);
            }
        }
    }

    fn cancel(&mut self, call: CallId, now_us: u64, wakers: &mut Vec<Waker>) {
        let Some(slot) = self.slots.get_mut(call.0 as usize) else { return };
        let order = slot.order;
        slot.timer = None;
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
        self.end(call, End::Cancelled, Some(Err(CANCELLED)), now_us, wakers);
    }

    fn end(
        &mut self,
        call: CallId,
        end: End,
        result: Option<CallResult>,
        now_us: u64,
        wakers: &mut Vec<Waker>,
    ) {
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
        wakers.extend(slot.waker.take());
        self.trace.push(now_us, What::Ended { call, end, bytes });
        if entered {
            self.let_in(now_us);
        }
    }

    /// A place in the window became free: the next call outside takes it.
    fn let_in(&mut self, now_us: u64) {
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
