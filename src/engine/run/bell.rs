//! Tells whether something has to be polled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Wake, Waker};

use futures::task::AtomicWaker;

/// Rings when a future is woken, and passes it on to whoever polls the run. Joined futures wake
/// themselves to let others have a go: such an arm has more to submit at this instant, so it is
/// polled again before anybody is admitted.
pub(super) struct Bell {
    rung: AtomicBool,
    outer: AtomicWaker,
}

impl Bell {
    pub(super) fn silent() -> Arc<Bell> {
        Arc::new(Bell { rung: AtomicBool::new(false), outer: AtomicWaker::new() })
    }

    pub(super) fn ring(&self) {
        self.rung.store(true, Ordering::Relaxed);
        self.outer.wake();
    }

    /// From now on `outer` is told.
    pub(super) fn tell(&self, outer: &Waker) {
        self.outer.register(outer);
        if self.rung.load(Ordering::Relaxed) {
            self.outer.wake();
        }
    }

    /// Nobody needs to be told while the run is polled.
    pub(super) fn hush(&self) {
        self.outer.take();
    }

    /// Whether it rang since this was asked last.
    pub(super) fn take(&self) -> bool {
        self.rung.swap(false, Ordering::Relaxed)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.ring();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ring();
    }
}
