//! Stopping and dropping: whatever was begun ends.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use fanout::engine::call::{Attempt, Model, Prompt, Request, Task};
use fanout::engine::clock::VirtualClock;
use fanout::engine::draw::DrawKey;
use fanout::engine::run::report::Report;
use fanout::engine::run::{Run, Setup};
use futures::future::join_all;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scripted::{ONE_TRY, cap};

/// Never answers, and counts how many of its attempts are alive.
struct Alive(Rc<Cell<i32>>);

struct Sent(Rc<Cell<i32>>);

impl Drop for Sent {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Model for Alive {
    fn send(&self, _: &Arc<Request>, _: u32, _: Report) -> Attempt {
        self.0.set(self.0.get() + 1);
        let sent = Sent(self.0.clone());
        Attempt::Awaited(Box::pin(async move {
            std::future::pending::<()>().await;
            drop(sent);
            unreachable!("pending never ends")
        }))
    }
}

fn unanswered(n_calls: u32) -> (Run, Rc<Cell<i32>>) {
    let alive = Rc::new(Cell::new(0));
    let clock = Rc::new(VirtualClock::default());
    let setup = Setup::new(clock, Rc::new(Alive(alive.clone())), cap(3));
    let mut run = Run::new(Setup { retry: ONE_TRY, ..setup });
    run.add_arm(n_calls, 0, |arm| async move {
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
