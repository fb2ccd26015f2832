//! Tells whether an arm woke itself while it was polled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Wake, Waker};

use futures::task::AtomicWaker;

/// Rings when an arm is woken, and passes it on to whoever polls the run. Joined futures wake
/// themselves to let others have a go: such an arm has more to submit at this instant, so it is
/// polled again before the turn.
#[derive(Default)]
pub(super) struct Bell {
    rung: AtomicBool,
    outer: AtomicWaker,
}

impl Bell {
    /// The waker for the arms; `outer` is woken with it.
    pub(super) fn waker(self: &Arc<Self>, outer: &Waker) -> Waker {
        self.outer.register(outer);
        Waker::from(self.clone())
    }

    pub(super) fn silence(&self) {
        self.rung.store(false, Ordering::Relaxed);
    }

    pub(super) fn rang(&self) -> bool {
        self.rung.load(Ordering::Relaxed)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::Relaxed);
        self.outer.wake();
    }
}
