//! The time axis that all arms share.

/// A stretch of time from 0, and its ticks.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub length_us: u64,
    pub ticks_us: Vec<u64>,
}

/// A place on the axis, or a length: a share of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(pub u32);

/// The whole axis.
pub const WHOLE: u32 = 100_000;

impl Place {
    /// What is left of the axis behind a piece that begins here.
    pub fn behind(self, width: Place) -> Place {
        Place(WHOLE.saturating_sub(self.0).saturating_sub(width.0))
    }

    /// As a style sheet has it: `12.345%`. Integers only: formatting a float costs many kilobytes.
    pub fn css(self) -> String {
        format!("{}.{:03}%", self.0 / 1000, self.0 % 1000)
    }
}

/// Steps between ticks, in microseconds: 1, 2 and 5 times powers of ten, then whole minutes and hours.
const STEPS_US: [u64; 21] = [
    1_000,
    10_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    30_000_000,
    60_000_000,
    120_000_000,
    300_000_000,
    600_000_000,
    1_800_000_000,
    HOUR_US,
    2 * HOUR_US,
    6 * HOUR_US,
    24 * HOUR_US,
];

const HOUR_US: u64 = 3_600_000_000;

/// The most ticks that stay readable on a narrow screen.
const MOST_TICKS: u64 = 7;

impl Axis {
    /// An axis that holds `longest_us` with a little air behind it.
    pub fn new(longest_us: u64) -> Self {
        let length_us = (longest_us + longest_us / 16).max(1_000);
        let fits = |step: &u64| length_us / step < MOST_TICKS;
        // Beyond a week: as many whole days as it takes.
        let days = || (length_us / MOST_TICKS).div_ceil(24 * HOUR_US) * 24 * HOUR_US;
        let step_us = STEPS_US.into_iter().find(fits).unwrap_or_else(days);
        let ticks_us = (0..=length_us / step_us).map(|i| i * step_us).collect();
        Axis { length_us, ticks_us }
    }

    /// Where an instant stands on it.
    pub fn place(&self, at_us: u64) -> Place {
        let share = at_us.min(self.length_us).saturating_mul(WHOLE.into()) / self.length_us;
        Place(share as u32)
    }
}
