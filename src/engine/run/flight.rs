//! An attempt under way, from its sending to its settlement.

use futures::future::AbortHandle;

use crate::engine::call::{AttemptResult, Foreseen};
use crate::engine::limiter::core::Grant;

pub(super) struct Flight {
    /// What it was given.
    pub(super) grant: Grant,
    /// When the last part of its answer arrived.
    pub(super) part_us: Option<u64>,
    pub(super) course: Course,
}

pub(super) enum Course {
    /// The run polls it.
    Awaited(AbortHandle),
    /// It is known how it ends, and when.
    Foreseen(Foreseen),
    /// It is over and not yet settled.
    Arrived(AttemptResult),
}

impl Flight {
    /// Stops it, and gives back what it was given.
    pub(super) fn abort(self) -> Grant {
        if let Course::Awaited(attempt) = self.course {
            attempt.abort();
        }
        self.grant
    }

    pub(super) fn foreseen(&self) -> Option<&Foreseen> {
        match &self.course {
            Course::Foreseen(foreseen) => Some(foreseen),
            Course::Awaited(_) | Course::Arrived(_) => None,
        }
    }
}
