//! Where a call stands, and who waits for it.

use std::task::Waker;

use super::CallText;
use crate::engine::limiter::core::Order;
use crate::engine::retry::Tries;

pub(super) struct Slot {
    pub(super) order: Order,
    pub(super) phase: Phase,
    /// When the phase began; while backing off, when it ends.
    pub(super) since_us: u64,
    pub(super) entered_us: u64,
    pub(super) waiter: Waiter,
    pub(super) tries: Tries,
    pub(super) text: CallText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not made yet.
    Fresh,
    /// Cancelled before it was made.
    Barred,
    /// Its entry is in the inbox.
    Entering,
    /// In the limiter's queue.
    Waiting,
    /// Admitted, and nothing was sent yet.
    Granted,
    InFlight(FlightKey),
    BackingOff,
    /// Aborted, and not yet done with stopping.
    CleaningUp,
    Ended,
    /// Ended, and the result was handed out.
    Taken,
}

/// Where an attempt under way is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FlightKey(pub(super) usize);

/// Who is told when a call is over.
#[derive(Default)]
pub(super) enum Waiter {
    #[default]
    Nobody,
    /// The call is awaited by itself.
    Alone(Waker),
    /// It is awaited together with others.
    Group(GroupKey),
}

/// Where calls that are awaited together are to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GroupKey(pub(super) usize);

impl Slot {
    pub(super) fn new(order: Order) -> Self {
        Slot {
            order,
            phase: Phase::Fresh,
            since_us: 0,
            entered_us: 0,
            waiter: Waiter::Nobody,
            tries: Tries::default(),
            text: CallText::default(),
        }
    }

    pub(super) fn comes_back_at(&self, at_us: u64) -> bool {
        self.phase == Phase::BackingOff && self.since_us == at_us
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Ended | Phase::Taken)
    }
}

impl Phase {
    /// The attempt under way, where one is.
    pub(super) fn flight(self) -> Option<FlightKey> {
        match self {
            Phase::InFlight(key) => Some(key),
            _ => None,
        }
    }
}
