//! One moment of a run: what the calls do at it, and when the next thing happens.

use crate::engine::call::CallId;
use crate::engine::trace::{Event, Failure, What};

/// How many calls do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    pub in_flight: u32,
    /// For a slot or a limit.
    pub waiting: u32,
    pub backing_off: u32,
    pub served: u32,
    /// Failed, cancelled or skipped.
    pub lost: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    Waiting,
    InFlight,
    BackingOff { until_us: u64 },
    Served,
    Lost,
}

/// What the calls of an arm do at an instant, what happens then included.
pub fn census(events: &[Event], n_calls: usize, at_us: u64) -> Census {
    let mut doing = vec![Doing::Nothing; n_calls];
    for event in events.iter().take_while(|event| event.at_us <= at_us) {
        let Some(CallId(call)) = event.what.call() else { continue };
        let Some(doing) = doing.get_mut(call as usize) else { continue };
        *doing = match event.what {
            What::Entered(_) => Doing::Waiting,
            What::Admitted(_) => Doing::InFlight,
            What::Failed { failure: Failure::TakenBack, .. } => Doing::Nothing,
            // What follows at the same instant says how it goes on.
            What::Failed { .. } => Doing::Waiting,
            What::BackingOff { delay_us, .. } => {
                Doing::BackingOff { until_us: event.at_us + u64::from(delay_us) }
            }
            What::Served { .. } => Doing::Served,
            What::Ended { .. } => Doing::Lost,
            _ => *doing,
        };
    }
    let mut census = Census::default();
    for doing in doing {
        match doing {
            Doing::Nothing => {}
            Doing::BackingOff { until_us } if until_us > at_us => census.backing_off += 1,
            Doing::Waiting | Doing::BackingOff { .. } => census.waiting += 1,
            Doing::InFlight => census.in_flight += 1,
            Doing::Served => census.served += 1,
            Doing::Lost => census.lost += 1,
        }
    }
    census
}

impl Census {
    /// The calls of two arms together.
    pub fn and(self, other: Census) -> Census {
        Census {
            in_flight: self.in_flight + other.in_flight,
            waiting: self.waiting + other.waiting,
            backing_off: self.backing_off + other.backing_off,
            served: self.served + other.served,
            lost: self.lost + other.lost,
        }
    }
}

/// The first instant behind this one at which something happens.
pub fn next_us(events: &[Event], at_us: u64) -> Option<u64> {
    let behind = events.partition_point(|event| event.at_us <= at_us);
    events.get(behind).map(|event| event.at_us)
}

/// The last instant before this one at which something happened.
pub fn previous_us(events: &[Event], at_us: u64) -> Option<u64> {
    let before = events.partition_point(|event| event.at_us < at_us).checked_sub(1)?;
    events.get(before).map(|event| event.at_us)
}
