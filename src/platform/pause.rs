//! Something that happens after a while.

use gloo_timers::callback::Timeout;

/// Waits, until dropped.
#[must_use = "nothing happens once it is dropped"]
pub struct Pause {
    _timeout: Timeout,
}

impl Pause {
    pub fn before(ms: u32, happens: impl FnOnce() + 'static) -> Pause {
        Pause { _timeout: Timeout::new(ms, happens) }
    }
}
