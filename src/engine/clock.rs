//! Time as an argument: the browser's clock in live runs, a virtual one in simulated runs.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures::future::LocalBoxFuture;

/// Microseconds in a millisecond.
pub const MS: u64 = 1_000;
/// Microseconds in a second.
pub const SECOND: u64 = 1_000_000;

/// A source of time. Instants are microseconds since the clock began and never go back.
pub trait Clock {
    fn now_us(&self) -> u64;

    /// Completes at `at_us` or, where the platform is late, soon after. Dropping it disarms it.
    fn sleep_until(&self, at_us: u64) -> LocalBoxFuture<'static, ()>;
}

/// A clock that stands still until it is told to go to its next timer.
#[derive(Clone, Default)]
pub struct VirtualClock {
    timers: Rc<Timers>,
}

#[derive(Default)]
struct Timers {
    now_us: Cell<u64>,
    next_sequence: Cell<u64>,
    /// By instant, and within one as they were armed. There are as many as attempts in flight.
    armed: RefCell<Vec<((u64, u64), Waker)>>,
}

impl VirtualClock {
    /// Goes to the earliest timer, or to `at_us` where that is earlier, and wakes all that are due
    /// then, in the order they were armed. False where there is nothing to go to.
    pub fn advance(&self, at_us: Option<u64>) -> bool {
        let Some(at_us) = earlier(self.next_us(), at_us) else { return false };
        self.timers.now_us.set(at_us.max(self.timers.now_us.get()));
        if self.timers.armed.borrow().is_empty() {
            return true;
        }
        let due: Vec<_> = {
            let mut armed = self.timers.armed.borrow_mut();
            let n_due = armed.partition_point(|((other_us, _), _)| *other_us <= at_us);
            armed.drain(..n_due).collect()
        };
        for (_, waker) in due {
            waker.wake();
        }
        true
    }

    /// When the earliest timer rings.
    pub fn next_us(&self) -> Option<u64> {
        self.timers.armed.borrow().first().map(|((at_us, _), _)| *at_us)
    }
}

/// The earlier of two instants, where there are any.
pub fn earlier(one_us: Option<u64>, other_us: Option<u64>) -> Option<u64> {
    match (one_us, other_us) {
        (Some(one_us), Some(other_us)) => Some(one_us.min(other_us)),
        _ => one_us.or(other_us),
    }
}

impl Clock for VirtualClock {
    fn now_us(&self) -> u64 {
        self.timers.now_us.get()
    }

    fn sleep_until(&self, at_us: u64) -> LocalBoxFuture<'static, ()> {
        let sequence = self.timers.next_sequence.get();
        self.timers.next_sequence.set(sequence + 1);
        Box::pin(VirtualSleep { timers: self.timers.clone(), key: (at_us, sequence) })
    }
}

struct VirtualSleep {
    timers: Rc<Timers>,
    key: (u64, u64),
}

impl Future for VirtualSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.timers.now_us.get() >= self.key.0 {
            return Poll::Ready(());
        }
        let mut armed = self.timers.armed.borrow_mut();
        match armed.binary_search_by_key(&self.key, |(key, _)| *key) {
            Ok(place) => {
                if let Some((_, waker)) = armed.get_mut(place) {
                    waker.clone_from(context.waker());
                }
            }
            Err(place) => armed.insert(place, (self.key, context.waker().clone())),
        }
        Poll::Pending
    }
}

impl Drop for VirtualSleep {
    fn drop(&mut self) {
        let mut armed = self.timers.armed.borrow_mut();
        if let Ok(place) = armed.binary_search_by_key(&self.key, |(key, _)| *key) {
            armed.remove(place);
        }
    }
}
