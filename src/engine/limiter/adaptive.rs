//! A limit that finds itself: additive increase, multiplicative decrease, on refusals only.
//!
//! The latency of a model's answer follows its length, so latency says nothing about load here.

use std::num::NonZeroU32;

/// Where an adaptive limit begins and how low it may go. It rises up to the concurrency that is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adaptive {
    pub initial: NonZeroU32,
    pub least: NonZeroU32,
}

impl Adaptive {
    pub const STANDARD: Adaptive =
        Adaptive { initial: NonZeroU32::MIN.saturating_add(3), least: NonZeroU32::MIN };
}

/// The limit as it stands.
#[derive(Clone, Debug)]
pub struct Aimd {
    limit: u32,
    least: u32,
    most: u32,
    /// Successes since the limit last moved.
    successes: u32,
    /// Whether since then as many were in flight as may be.
    reached: bool,
    /// Attempts admitted before this number were under way when the limit was last lowered: their
    /// refusals tell nothing new.
    epoch: u64,
}

impl Aimd {
    pub fn new(adaptive: Adaptive, most: NonZeroU32) -> Self {
        let most = most.get();
        let limit = adaptive.initial.get().min(most);
        Aimd { limit, least: adaptive.least.get(), most, successes: 0, reached: false, epoch: 0 }
    }

    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// An attempt was served while `in_flight` were, itself included.
    pub fn served(&mut self, in_flight: u32) {
        self.successes += 1;
        self.reached |= in_flight >= self.limit;
        if self.successes >= self.limit {
            let next = if self.reached { self.limit + 1 } else { self.limit };
            self.move_to(next.min(self.most));
        }
    }

    /// Attempt number `number` was refused; the next to be admitted will have the number `next`.
    pub fn refused(&mut self, number: u64, next: u64) {
        if number >= self.epoch {
            self.epoch = next;
            self.move_to((self.limit / 2).max(self.least).min(self.most));
        }
    }

    /// The concurrency that is set has changed.
    pub fn resize(&mut self, most: NonZeroU32) {
        self.most = most.get();
        self.limit = self.limit.min(self.most);
    }

    fn move_to(&mut self, limit: u32) {
        self.limit = limit;
        self.successes = 0;
        self.reached = false;
    }
}
