//! What the run knows of one call.

use std::task::Waker;

use futures::future::LocalBoxFuture;

use super::CallText;
use super::timers::Stage;
use crate::engine::call::{AttemptResult, Foreseen};
use crate::engine::limiter::core::{Grant, Order};
use crate::engine::retry::Tries;

pub(super) struct Slot {
    pub(super) order: Order,
    pub(super) phase: Phase,
    /// When the phase began; while backing off, when it ends.
    pub(super) since_us: u64,
    pub(super) entered_us: u64,
    /// When the last part of the attempt's answer arrived.
    pub(super) part_us: Option<u64>,
    pub(super) waker: Option<Waker>,
    /// What an attempt in flight was given.
    pub(super) grant: Option<Grant>,
    /// An attempt that was sent and not yet taken up by its call.
    pub(super) sent: Option<LocalBoxFuture<'static, AttemptResult>>,
    pub(super) foreseen: Option<Foreseen>,
    /// What an attempt brought, until it is settled.
    pub(super) arrived: Option<Box<AttemptResult>>,
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
    /// Admitted, the attempt not yet taken up.
    Sent,
    InFlight,
    BackingOff,
    /// Aborted, and not yet done with stopping.
    CleaningUp,
    Ended,
    /// Ended, and the result was handed out.
    Taken,
}

impl Slot {
    pub(super) fn new(order: Order) -> Self {
        Slot {
            order,
            phase: Phase::Fresh,
            since_us: 0,
            entered_us: 0,
            part_us: None,
            waker: None,
            grant: None,
            sent: None,
            foreseen: None,
            arrived: None,
            tries: Tries::default(),
            text: CallText::default(),
        }
    }

    /// When a stage began that has not ended; none where it is not in it.
    pub(super) fn began_us(&self, stage: Stage) -> Option<u64> {
        let in_flight = matches!(self.phase, Phase::Sent | Phase::InFlight);
        match stage {
            Stage::Attempt => in_flight.then_some(self.since_us),
            Stage::FirstToken => (in_flight && self.part_us.is_none()).then_some(self.since_us),
            Stage::Idle => self.part_us.filter(|_| in_flight),
            Stage::Queue => (self.phase == Phase::Waiting).then_some(self.since_us),
            Stage::Call => (in_flight || matches!(self.phase, Phase::Waiting | Phase::BackingOff))
                .then_some(self.entered_us),
        }
    }

    pub(super) fn foresees(&self, at_us: u64) -> bool {
        self.foreseen
            .as_ref()
            .is_some_and(|foreseen| foreseen.ends_us == at_us || foreseen.first_token_us == Some(at_us))
    }

    pub(super) fn comes_back_at(&self, at_us: u64) -> bool {
        self.phase == Phase::BackingOff && self.since_us == at_us
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Ended | Phase::Taken)
    }
}
