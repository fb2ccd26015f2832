//! A token bucket in integers: nothing is lost to rounding, however often it is asked.

use std::num::NonZeroU32;

/// A rate and how much of it may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub per_minute: NonZeroU32,
    /// What a full bucket holds.
    pub burst: NonZeroU32,
}

impl Rate {
    /// The default burst for requests: two seconds' worth, so a tab in the background, whose
    /// timers fire once a second, keeps its rate.
    pub fn requests(per_minute: NonZeroU32) -> Self {
        Rate { per_minute, burst: at_least_one(per_minute.get().div_ceil(30)) }
    }

    /// The default burst for tokens: ten seconds' worth.
    pub fn tokens(per_minute: NonZeroU32) -> Self {
        Rate { per_minute, burst: at_least_one(per_minute.get() / 6) }
    }
}

fn at_least_one(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

/// Units of one token. A rate of r a minute then adds exactly r units each microsecond.
const UNITS: i64 = 60_000_000;

/// A bucket that starts full. Its level may go below zero: debt, paid back by waiting.
#[derive(Clone, Debug)]
pub struct Bucket {
    rate: Rate,
    level: i64,
    filled_at_us: u64,
}

impl Bucket {
    pub fn new(rate: Rate, now_us: u64) -> Self {
        Bucket { rate, level: i64::from(rate.burst.get()) * UNITS, filled_at_us: now_us }
    }

    /// When `tokens` will be there if nobody else takes any; none where they are there now. An
    /// amount above the capacity passes on a full bucket and leaves debt, since it could never
    /// pass otherwise.
    pub fn lacks_until_us(&mut self, tokens: u32, now_us: u64) -> Option<u64> {
        self.fill(now_us);
        let missing = (i64::from(tokens) * UNITS).min(self.capacity()) - self.level;
        let missing = u64::try_from(missing).ok().filter(|missing| *missing > 0)?;
        let wait_us = missing.div_ceil(u64::from(self.rate.per_minute.get()));
        Some(now_us.saturating_add(wait_us))
    }

    /// Takes `tokens`, also where they are not there.
    pub fn take(&mut self, tokens: u32) {
        self.level -= i64::from(tokens) * UNITS;
    }

    /// How many whole ones are there.
    pub fn left(&mut self, now_us: u64) -> u32 {
        self.fill(now_us);
        u32::try_from(self.level / UNITS).unwrap_or(0)
    }

    /// Gives back what was taken and not used; takes more where `tokens` is negative.
    pub fn settle(&mut self, tokens: i64, now_us: u64) {
        self.fill(now_us);
        self.level = (self.level + tokens * UNITS).min(self.capacity());
    }

    /// Goes on at another rate with what is there.
    pub fn resize(&mut self, rate: Rate, now_us: u64) {
        self.fill(now_us);
        self.rate = rate;
        self.level = self.level.min(self.capacity());
    }

    /// Leaves at most one token: after a pause nobody may come in a herd.
    pub fn clip(&mut self, now_us: u64) {
        self.fill(now_us);
        self.level = self.level.min(UNITS);
    }

    fn capacity(&self) -> i64 {
        i64::from(self.rate.burst.get()) * UNITS
    }

    fn fill(&mut self, now_us: u64) {
        let passed = now_us.saturating_sub(self.filled_at_us);
        self.filled_at_us = self.filled_at_us.max(now_us);
        let per_minute = self.rate.per_minute.get();
        let added = match i32::try_from(passed) {
            // The product of 31 and 32 bits fits, which saves the 128 bits of the other way.
            Ok(passed) => i64::from(passed) * i64::from(per_minute),
            Err(_) => i64::try_from(passed).unwrap_or(i64::MAX).saturating_mul(i64::from(per_minute)),
        };
        self.level = self.level.saturating_add(added).min(self.capacity());
    }
}
