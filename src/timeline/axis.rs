//! The time axis that all arms share.

use super::window::Window;

/// A stretch of time, and its ticks.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub window: Window,
    pub ticks_us: Vec<u64>,
}

/// A place on the axis, or a length: a share of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
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
        Axis::of(Window::whole(longest_us))
    }

    /// An axis of that stretch alone.
    pub fn of(window: Window) -> Self {
        let Window { from_us, length_us } = window;
        let fits = |step: &u64| length_us / step < MOST_TICKS;
        // Beyond a week: as many whole days as it takes.
        let days = || (length_us / MOST_TICKS).div_ceil(24 * HOUR_US) * 24 * HOUR_US;
        let step_us = STEPS_US.into_iter().find(fits).unwrap_or_else(days);
        let ticks = from_us.div_ceil(step_us)..=window.to_us() / step_us;
        Axis { window, ticks_us: ticks.map(|i| i * step_us).collect() }
    }

    /// Where an instant stands on it; at one of its ends where it lies outside.
    pub fn place(&self, at_us: u64) -> Place {
        let Window { from_us, length_us } = self.window;
        let share = at_us.saturating_sub(from_us).min(length_us).saturating_mul(WHOLE.into()) / length_us;
        Place(share as u32)
    }
}
