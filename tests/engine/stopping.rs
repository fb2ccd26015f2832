//! Failures that stay single, stopping, and dropping.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use fanout::engine::call::{CallError, CallId, Model, Prompt, Reply, Request, Task};
use fanout::engine::clock::{SECOND, VirtualClock};
use fanout::engine::draw::DrawKey;
use fanout::engine::retry::RetryPolicy;
use fanout::engine::run::{Report, Run, Setup};
use fanout::engine::trace::{End, Failure, What};
use futures::future::{LocalBoxFuture, join_all};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scripted::{ONE_TRY, Step, cap, ok, script};

#[test]
fn one_failure_leaves_the_others_alone() {
    let mut calls = vec![vec![Step::Rejected { ms: 100 }]];
    calls.extend(vec![ok(100); 5]);
    let (done, _) = script(cap(2), calls).run();
    let ends: Vec<End> = done.ends.iter().flatten().map(|(_, end)| *end).collect();
    assert_eq!(ends, [End::Failed, End::Served, End::Served, End::Served, End::Served, End::Served]);
    assert_eq!(done.makespan, 300);
    assert_eq!(done.starts.iter().flatten().count(), 6);
}

#[test]
fn stopping_keeps_what_is_done_and_marks_what_was_in_flight() {
    let mut calls = script(cap(2), vec![ok(100); 5]);
    calls.cancel = Some((None, 150));
    let (done, view) = calls.run();
    let at = |ms, end| Some((ms, end));
    assert_eq!(
        done.ends,
        [
            at(100, End::Served),
            at(100, End::Served),
            at(150, End::Cancelled),
            at(150, End::Cancelled),
            at(150, End::Cancelled),
        ]
    );
    assert_eq!(done.starts.iter().flatten().count(), 4);
    let aborted = |what: &What| matches!(what, What::Failed { failure: Failure::Aborted, .. });
    assert_eq!(view.trace().events().iter().filter(|event| aborted(&event.what)).count(), 2);
    assert!(view.text(CallId(0)).is_some_and(|text| matches!(text.result, Some(Ok(_)))));
}

#[test]
fn stopping_ends_a_backoff_at_once() {
    let mut calls = script(cap(1), vec![vec![Step::Server { ms: 100 }]]);
    calls.retry = RetryPolicy { max_attempts: 3, base_us: SECOND, ..ONE_TRY };
    calls.cancel = Some((None, 400));
    let (done, _) = calls.run();
    assert_eq!(done.ends, [Some((400, End::Cancelled))]);
    assert_eq!(done.starts, [vec![0]]);
}

/// Never answers, and counts how many of its attempts are alive.
struct Alive(Rc<Cell<i32>>);

struct Attempt(Rc<Cell<i32>>);

impl Drop for Attempt {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Model for Alive {
    fn send(&self, _: &Arc<Request>, _: u32, _: Report) -> LocalBoxFuture<'static, Result<Reply, CallError>> {
        self.0.set(self.0.get() + 1);
        let attempt = Attempt(self.0.clone());
        Box::pin(async move {
            std::future::pending::<()>().await;
            drop(attempt);
            unreachable!("pending never ends")
        })
    }
}

fn unanswered(n_calls: u32) -> (Run, Rc<Cell<i32>>) {
    let alive = Rc::new(Cell::new(0));
    let mut run = Run::new(Setup {
        clock: Rc::new(VirtualClock::default()),
        model: Rc::new(Alive(alive.clone())),
        limits: cap(3),
        retry: ONE_TRY,
        window: None,
    });
    run.add_arm(n_calls, |arm| async move {
        let request = |item| Request {
            draws: DrawKey { seed: 1, item, call: 0 },
            prompt: Prompt::default(),
            task: Task::Summary { document: "".into() },
            input_tokens: 0,
            max_tokens: 0,
        };
        join_all((0..n_calls).map(|item| arm.call(item, request(item)))).await;
    });
    (run, alive)
}

fn poll(run: &mut Run) -> Poll<()> {
    Pin::new(run).poll(&mut Context::from_waker(futures::task::noop_waker_ref()))
}

#[test]
fn dropping_a_run_aborts_every_attempt() {
    let (mut run, alive) = unanswered(5);
    assert!(poll(&mut run).is_pending());
    assert_eq!(alive.get(), 3);
    drop(run);
    assert_eq!(alive.get(), 0);
}

#[test]
fn stopping_a_run_aborts_every_attempt_at_once() {
    let (mut run, alive) = unanswered(5);
    assert!(poll(&mut run).is_pending());
    let view = run.view();
    view.stop();
    assert!(poll(&mut run).is_ready());
    assert_eq!(alive.get(), 0);
    assert_eq!(view.in_flight(), 0);
}
