//! The longest chain of calls that wait for each other: no concurrency gets below it.

use super::recording::Recording;
use super::story::{Phase, Story};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CriticalPath {
    /// The time in flight of the calls on the chain.
    pub path_us: u64,
    /// The time in flight of all calls.
    pub work_us: u64,
}

/// The chain of a run whose calls depend on each other as the plan says.
pub fn critical_path(recording: &Recording, stories: &[Story]) -> CriticalPath {
    let in_flight_us = |story: &Story| {
        story.time_us(|phase| {
            matches!(phase, Phase::FirstToken | Phase::Generating | Phase::Failed(_) | Phase::Cancelled)
        })
    };
    let own_us: Vec<u64> = stories.iter().map(in_flight_us).collect();
    // When each call could be over at best. A chain is at most as long as there are calls.
    let mut over_us = own_us.clone();
    loop {
        let mut moved = false;
        for (call, planned) in recording.plan.iter().enumerate() {
            let feeds =
                |other: &usize| recording.plan.get(*other).is_some_and(|p| p.feeds == Some(call as u32));
            let fed_by = (0..recording.plan.len()).filter(feeds);
            let needed = planned.needs.iter().map(|needed| *needed as usize).chain(fed_by);
            let before_us = needed.filter_map(|other| over_us.get(other).copied()).max().unwrap_or(0);
            let at_us = before_us + own_us.get(call).copied().unwrap_or(0);
            if let Some(slot) = over_us.get_mut(call)
                && *slot < at_us
            {
                *slot = at_us;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    CriticalPath { path_us: over_us.into_iter().max().unwrap_or(0), work_us: own_us.into_iter().sum() }
}
