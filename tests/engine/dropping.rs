//! Ownership is cancellation: calls that are dropped, at every point of their way.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use fanout::engine::call::{Answer, Foreseen};
use fanout::engine::call::{Attempt, CallError, CallId, Model, Prompt, Reply, Request, Task, Usage};
use fanout::engine::clock::{Clock, MS, VirtualClock};
use fanout::engine::draw::DrawKey;
use fanout::engine::limiter::budget::Budget;
use fanout::engine::limiter::core::Limits;
use fanout::engine::limiter::requests::RequestRate;
use fanout::engine::retry::RetryPolicy;
use fanout::engine::run::report::Report;
use fanout::engine::run::{Run, RunView, Setup};
use fanout::engine::trace::{End, Failure, What};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scripted::{ONE_A_TOKEN, ONE_TRY, cap, nz, rate};

/// Answers after 100 ms through a future, and counts attempts that are alive and that were aborted.
#[derive(Clone, Default)]
struct Slow {
    clock: VirtualClock,
    alive: Rc<Cell<i32>>,
    made: Rc<Cell<i32>>,
    fails: bool,
}

struct Sent(Rc<Cell<i32>>);

impl Drop for Sent {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Model for Slow {
    fn send(&self, _: &Arc<Request>, _: u32, _: Report) -> Attempt {
        self.alive.set(self.alive.get() + 1);
        self.made.set(self.made.get() + 1);
        let (clock, sent, fails) = (self.clock.clone(), Sent(self.alive.clone()), self.fails);
        Attempt::Awaited(Box::pin(async move {
            clock.sleep_until(clock.now_us() + 100 * MS).await;
            drop(sent);
            if fails {
                Err(Box::new(CallError::Server { status: 500, message: String::new() }))
            } else {
                Ok(reply())
            }
        }))
    }
}

fn reply() -> Arc<Reply> {
    let (answer, text) = (Answer::Text(String::new()), String::new());
    Arc::new(Reply { answer, text, usage: Usage::default() })
}

fn request(item: u32) -> Request {
    Request {
        draws: DrawKey { seed: 1, item, call: 0 },
        prompt: Prompt::default(),
        task: Task::Summary { document: "".into() },
        input_tokens: 0,
        max_tokens: 0,
    }
}

fn run_of(slow: &Slow, limits: Limits, retry: RetryPolicy) -> Run {
    let setup = Setup::new(Rc::new(slow.clock.clone()), Rc::new(slow.clone()), limits);
    Run::new(Setup { retry, ..setup })
}

/// Waits for one of two, and drops the other.
async fn either(one: impl Future + Unpin, other: impl Future + Unpin) {
    drop(futures::future::select(one, other).await);
}

fn whats(view: &RunView, call: u32) -> Vec<(u64, What)> {
    let trace = view.trace();
    let own = trace.events().filter(|event| event.what.call() == Some(CallId(call)));
    own.map(|event| (event.at_us / MS, event.what)).collect::<Vec<_>>()
}

/// Guards against the commonest leak of limiters: admitted, not yet noticed, dropped. Nothing was
/// sent, so everything comes back, and the next in line goes at the same instant.
#[test]
fn a_grant_that_is_dropped_before_it_is_sent_is_refunded() {
    let priced = |item, input_tokens| Request { input_tokens, ..request(item) };
    for requests in [rate(60, 1).map(RequestRate::Bucket), Some(RequestRate::Rolling(nz(1)))] {
        let slow = Slow::default();
        let budget = Some(Budget { most_nano_usd: 10, price: ONE_A_TOKEN });
        let mut run = run_of(&slow, Limits { requests, budget, tokens: rate(1, 9), ..cap(2) }, ONE_TRY);
        run.add_arm(3, 0, move |arm| async move {
            // The first is let go as soon as the second is refused for its price, at the very instant
            // at which it was admitted; the third waits for its request and its tokens.
            let dropped = either(arm.call(0, priced(0, 9)), arm.call(1, priced(1, 100)));
            futures::future::join(dropped, arm.call(2, priced(2, 9))).await;
        });
        let view = run.finish(&slow.clock).expect("the run comes to an end");
        let dropped = [
            (0, What::Entered(CallId(0))),
            (0, What::Admitted(CallId(0))),
            (0, What::Failed { call: CallId(0), failure: Failure::TakenBack, status: 0 }),
            (0, What::Ended { call: CallId(0), end: End::Cancelled }),
        ];
        assert_eq!(whats(&view, 0), dropped, "nothing was aborted, since nothing was sent");
        assert_eq!(whats(&view, 2)[1], (0, What::Admitted(CallId(2))));
        assert_eq!((slow.made.get(), slow.alive.get(), view.in_flight()), (1, 0, 0));
        assert_eq!(view.spending().reserved_nano_usd, 0);
    }
}

#[test]
fn a_call_that_is_dropped_in_flight_is_aborted_once_and_gives_its_permit_back() {
    let slow = Slow::default();
    let mut run = run_of(&slow, cap(1), ONE_TRY);
    let clock = slow.clock.clone();
    run.add_arm(2, 0, move |arm| async move {
        let dropped = arm.call(0, request(0));
        let patience = clock.sleep_until(40 * MS);
        let waits = arm.call(1, request(1));
        futures::future::join(either(dropped, patience), waits).await;
    });
    let view = run.finish(&slow.clock).expect("the run comes to an end");
    let aborted = What::Failed { call: CallId(0), failure: Failure::Aborted, status: 0 };
    assert_eq!(
        whats(&view, 0)[2..],
        [(40, aborted), (40, What::Ended { call: CallId(0), end: End::Cancelled })]
    );
    assert_eq!(whats(&view, 1)[1], (40, What::Admitted(CallId(1))));
    assert_eq!(slow.alive.get(), 0);
}

/// Guards against a timer that outlives its call, and keeps the run from ending.
#[test]
fn a_call_that_is_dropped_while_it_backs_off_leaves_no_timer() {
    let slow = Slow { fails: true, ..Slow::default() };
    let mut run = run_of(&slow, cap(1), RetryPolicy { max_attempts: 3, ..ONE_TRY });
    let clock = slow.clock.clone();
    run.add_arm(1, 0, move |arm| async move {
        either(arm.call(0, request(0)), clock.sleep_until(150 * MS)).await;
    });
    let view = run.finish(&slow.clock).expect("the run comes to an end");
    assert_eq!(view.now_us(), 150 * MS);
    assert_eq!(whats(&view, 0).last(), Some(&(150, What::Ended { call: CallId(0), end: End::Cancelled })));
}

#[test]
fn a_call_that_waits_can_be_dropped_and_consumes_nothing() {
    let slow = Slow::default();
    let mut run = run_of(&slow, cap(1), ONE_TRY);
    let clock = slow.clock.clone();
    run.add_arm(3, 0, move |arm| async move {
        let gives_up = either(arm.call(1, request(1)), clock.sleep_until(50 * MS));
        futures::future::join3(arm.call(0, request(0)), gives_up, arm.call(2, request(2))).await;
    });
    let view = run.finish(&slow.clock).expect("the run comes to an end");
    assert_eq!(whats(&view, 1)[1..], [(50, What::Ended { call: CallId(1), end: End::Cancelled })]);
    assert_eq!(whats(&view, 2)[1], (100, What::Admitted(CallId(2))));
}

/// An attempt that wakes its task while it is polled, as some futures do.
struct WakesItself;

impl Model for WakesItself {
    fn send(&self, _: &Arc<Request>, _: u32, _: Report) -> Attempt {
        let mut left = 3;
        Attempt::Awaited(Box::pin(poll_fn(move |context| {
            left -= 1;
            context.waker().wake_by_ref();
            if left == 0 { Poll::Ready(Ok(reply())) } else { Poll::Pending }
        })))
    }
}

#[test]
fn a_waker_may_be_called_from_within_a_poll() {
    let clock = VirtualClock::default();
    let model = Rc::new(WakesItself);
    let mut run = Run::new(Setup { retry: ONE_TRY, ..Setup::new(Rc::new(clock.clone()), model, cap(2)) });
    run.add_arm(4, 0, |arm| async move {
        futures::future::join_all((0..4).map(|item| arm.call(item, request(item)))).await;
    });
    let view = run.finish(&clock).expect("the run comes to an end");
    assert_eq!(view.trace().events().filter(|event| event.what.end() == Some(End::Served)).count(), 4);
}

/// A waker that looks at the run it wakes, which it may only while nobody changes it.
struct LooksOn {
    n_wakes: AtomicUsize,
}

thread_local! {
    static SEEN: std::cell::RefCell<Option<RunView>> = const { std::cell::RefCell::new(None) };
}

impl Wake for LooksOn {
    fn wake(self: Arc<Self>) {
        SEEN.with_borrow(|view| {
            let view = view.as_ref().expect("there is a view");
            assert!(view.trace().events().count() < 1000 && view.revision() < 1000);
        });
        self.n_wakes.fetch_add(1, Ordering::Relaxed);
    }
}

/// Guards against a waker that is called while the state is borrowed.
#[test]
fn who_is_woken_may_look_at_the_run() {
    let slow = Slow::default();
    let mut run = run_of(&slow, cap(1), ONE_TRY);
    run.add_arm(3, 0, |arm| async move {
        futures::future::join_all((0..3).map(|item| arm.call(item, request(item)))).await;
    });
    let view = run.view();
    SEEN.set(Some(view.clone()));
    let looks_on = Arc::new(LooksOn { n_wakes: AtomicUsize::new(0) });
    let waker = Waker::from(looks_on.clone());
    let mut context = Context::from_waker(&waker);
    let mut run = pin!(run);
    while run.as_mut().poll(&mut context).is_pending() {
        view.cancel(CallId(2));
        slow.clock.advance(None);
    }
    assert!(looks_on.n_wakes.load(Ordering::Relaxed) > 0);
    SEEN.set(None);
}

/// Arms that share a run share its limiter: one cap, and they take turns by item.
#[test]
fn arms_of_one_run_take_turns_at_one_limiter() {
    let clock = VirtualClock::default();
    let setup = Setup::new(Rc::new(clock.clone()), Rc::new(Instantly(clock.clone())), cap(2));
    let mut run = Run::new(Setup { retry: ONE_TRY, ..setup });
    for _ in 0..2 {
        run.add_arm(3, 0, |arm| async move {
            futures::future::join_all((0..3).map(|item| arm.call(item, request(item)))).await;
        });
    }
    // Of higher priority number: after all the others, although its item is the first.
    run.add_arm(1, 1, |arm| async move {
        arm.call(0, request(0)).await;
    });
    let view = run.finish(&clock).expect("the run comes to an end");
    let trace = view.trace();
    let admitted = trace.events().filter_map(|event| match event.what {
        What::Admitted(call) => Some((event.at_us / MS, call.0)),
        _ => None,
    });
    let admitted: Vec<(u64, u32)> = admitted.collect();
    assert_eq!(admitted, [(0, 0), (0, 3), (100, 1), (100, 4), (200, 2), (200, 5), (300, 6)]);
}

struct Instantly(VirtualClock);

impl Model for Instantly {
    fn send(&self, _: &Arc<Request>, _: u32, _: Report) -> Attempt {
        let ends_us = self.0.now_us() + 100 * MS;
        Attempt::Foreseen(Foreseen { first_token_us: None, ends_us, result: Ok(reply()) })
    }
}

/// Guards against a run that goes on after whoever started it is gone.
#[test]
fn a_run_that_is_dropped_half_way_aborts_what_is_in_flight() {
    let slow = Slow::default();
    let mut run = run_of(&slow, cap(2), ONE_TRY);
    run.add_arm(4, 0, |arm| async move {
        futures::future::join_all((0..4).map(|item| arm.call(item, request(item)))).await;
    });
    let mut context = Context::from_waker(futures::task::noop_waker_ref());
    assert!(Pin::new(&mut run).poll(&mut context).is_pending());
    assert_eq!(slow.alive.get(), 2);
    drop(run);
    assert_eq!(slow.alive.get(), 0);
}
