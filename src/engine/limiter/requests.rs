//! How many requests may start: a bucket that refills, or a window that rolls.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use super::bucket::{Bucket, Rate};

/// The two ways in which requests per minute are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestRate {
    /// A bucket: up to the rate plus one burst start within any minute.
    Bucket(Rate),
    /// Never more than this many starts within any 60 seconds.
    Rolling(NonZeroU32),
}

/// How long a start counts in a rolling window, in microseconds.
const WINDOW_US: u64 = 60_000_000;

/// What is left of a request rate.
#[derive(Clone, Debug)]
pub enum Requests {
    Bucket(Bucket),
    /// When the starts were that still count, oldest first.
    Rolling {
        per_minute: NonZeroU32,
        starts_us: VecDeque<u64>,
    },
}

impl Requests {
    pub fn new(rate: RequestRate, now_us: u64) -> Self {
        match rate {
            RequestRate::Bucket(rate) => Requests::Bucket(Bucket::new(rate, now_us)),
            RequestRate::Rolling(per_minute) => Requests::Rolling { per_minute, starts_us: VecDeque::new() },
        }
    }

    /// When the next request may start if nobody else does before; none where it may now.
    pub fn lacks_until_us(&mut self, now_us: u64) -> Option<u64> {
        match self {
            Requests::Bucket(bucket) => bucket.lacks_until_us(1, now_us),
            Requests::Rolling { per_minute, starts_us } => {
                while starts_us.front().is_some_and(|start_us| start_us + WINDOW_US <= now_us) {
                    starts_us.pop_front();
                }
                let excess = (starts_us.len() + 1).checked_sub(per_minute.get() as usize)?;
                let leaves_us = starts_us.get(excess.checked_sub(1)?)?;
                Some(leaves_us + WINDOW_US)
            }
        }
    }

    /// Counts a start.
    pub fn take(&mut self, now_us: u64) {
        match self {
            Requests::Bucket(bucket) => bucket.take(1),
            Requests::Rolling { starts_us, .. } => starts_us.push_back(now_us),
        }
    }

    /// Takes back the start at `at_us`, since nothing was sent.
    pub fn refund(&mut self, at_us: u64, now_us: u64) {
        match self {
            Requests::Bucket(bucket) => bucket.settle(1, now_us),
            Requests::Rolling { starts_us, .. } => {
                if let Some(place) = starts_us.iter().rposition(|start_us| *start_us == at_us) {
                    starts_us.remove(place);
                }
            }
        }
    }

    /// Leaves at most one token of a bucket, after a pause. A window remembers what was sent anyway.
    pub fn clip(&mut self, now_us: u64) {
        if let Requests::Bucket(bucket) = self {
            bucket.clip(now_us);
        }
    }

    /// Goes on at another rate with what is there; the other way of counting begins anew.
    pub fn resize(&mut self, rate: RequestRate, now_us: u64) {
        match (&mut *self, rate) {
            (Requests::Bucket(bucket), RequestRate::Bucket(rate)) => bucket.resize(rate, now_us),
            (Requests::Rolling { per_minute, .. }, RequestRate::Rolling(other)) => *per_minute = other,
            _ => *self = Requests::new(rate, now_us),
        }
    }
}
