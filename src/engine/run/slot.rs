//! What the run knows of one call.

use std::task::Waker;

use futures::future::LocalBoxFuture;

use super::CallText;
use crate::engine::call::{CallError, Reply};
use crate::engine::limiter::core::Order;
use crate::engine::retry::Tries;

pub(super) struct Slot {
    pub(super) order: Order,
    pub(super) phase: Phase,
    pub(super) waker: Option<Waker>,
    /// An attempt that was sent and not yet taken up by its call.
    pub(super) sent: Option<Attempt>,
    /// When the timer rings that is armed for it: its time-out while sent or in flight, its return
    /// while backing off.
    pub(super) timer_us: Option<u64>,
    pub(super) tries: Tries,
    pub(super) text: CallText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
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

/// An attempt as the model started it.
pub(super) type Attempt = LocalBoxFuture<'static, Result<Reply, CallError>>;

impl Slot {
    pub(super) fn new(order: Order) -> Self {
        Slot {
            order,
            phase: Phase::Fresh,
            waker: None,
            sent: None,
            timer_us: None,
            tries: Tries::default(),
            text: CallText::default(),
        }
    }

    pub(super) fn times_out_at(&self, at_us: u64) -> bool {
        matches!(self.phase, Phase::Sent | Phase::InFlight) && self.timer_us == Some(at_us)
    }

    pub(super) fn comes_back_at(&self, at_us: u64) -> bool {
        self.phase == Phase::BackingOff && self.timer_us == Some(at_us)
    }

    pub(super) fn reserved_tokens(&self) -> u32 {
        self.text.request.as_ref().map_or(0, |request| request.reserved_tokens())
    }
}
