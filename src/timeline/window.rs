//! The stretch of the time axis that is looked at: the whole, or a part that is drawn larger.

use super::axis::{Place, WHOLE};

/// A stretch of time; it is never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from_us: u64,
    pub length_us: u64,
}

/// Nothing happens in less: the browser's clock is hardly finer.
const LEAST_US: u64 = 1_000;

impl Window {
    /// All of a run, with a little air behind it.
    pub fn whole(longest_us: u64) -> Window {
        Window { from_us: 0, length_us: (longest_us + longest_us / 16).max(LEAST_US) }
    }

    pub fn to_us(self) -> u64 {
        self.from_us.saturating_add(self.length_us)
    }

    /// The instant at a place of it.
    pub fn at(self, Place(share): Place) -> u64 {
        self.from_us + part(self.length_us, share)
    }

    /// So many percent of its length within `whole`; what stands at `kept` stays there as far as it can.
    pub fn scaled(self, percent: u32, kept: Place, whole: Window) -> Window {
        let length_us = self.length_us.saturating_mul(percent.into()) / 100;
        let length_us = length_us.clamp(LEAST_US, whole.length_us.max(LEAST_US));
        let from_us = self.at(kept).saturating_sub(part(length_us, kept.0));
        Window { from_us, length_us }.within(whole)
    }

    /// Moved by a share of its own length, backwards where negative, within `whole`.
    pub fn moved(self, share: i32, whole: Window) -> Window {
        let by_us = part(self.length_us, share.unsigned_abs());
        let from_us = match share < 0 {
            true => self.from_us.saturating_sub(by_us),
            false => self.from_us.saturating_add(by_us),
        };
        Window { from_us, ..self }.within(whole)
    }

    /// What stood at two places stands at two others, as far as `whole` has room: two fingers hold it.
    pub fn held(self, before: [Place; 2], now: [Place; 2], whole: Window) -> Window {
        let apart = |[one, other]: [Place; 2]| u64::from(one.0.abs_diff(other.0).max(1));
        let middle = |[one, other]: [Place; 2]| Place(u32::midpoint(one.0, other.0));
        let length_us = self.length_us.saturating_mul(apart(before)) / apart(now);
        let length_us = length_us.clamp(LEAST_US, whole.length_us.max(LEAST_US));
        let from_us = self.at(middle(before)).saturating_sub(part(length_us, middle(now).0));
        Window { from_us, length_us }.within(whole)
    }

    /// The same, or as much of it as `whole` has.
    pub fn within(self, whole: Window) -> Window {
        let length_us = self.length_us.min(whole.length_us);
        let last_us = whole.to_us() - length_us;
        Window { from_us: self.from_us.clamp(whole.from_us, last_us), length_us }
    }
}

/// A share of a length.
fn part(length_us: u64, share: u32) -> u64 {
    length_us.saturating_mul(share.into()) / u64::from(WHOLE)
}
