//! The longest chain of calls that wait for each other: no concurrency gets below it.

use super::recording::Recording;
use super::story::{Phase, Stories, Story};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CriticalPath {
    /// The time in flight of the calls on the chain.
    pub path_us: u64,
    /// The time in flight of all calls.
    pub work_us: u64,
    /// How many waves the workers run in: one more than the most of them that wait in a row.
    pub n_waves: u32,
}

/// The chain of a run whose calls depend on each other as the plan says.
pub fn critical_path(recording: &Recording, stories: &Stories) -> CriticalPath {
    let plan = &recording.plan;
    let own_us: Vec<u64> = stories.iter().map(|story| in_flight_us(&story)).collect();
    // From each call to those that wait for it; `true` where both are workers.
    let needed = plan
        .iter()
        .zip(0..)
        .flat_map(|(planned, call)| planned.needs.iter().map(move |needed| (*needed as usize, call, true)));
    let fed =
        plan.iter().enumerate().filter_map(|(call, planned)| Some((call, planned.feeds? as usize, false)));
    let edges: Vec<(usize, usize, bool)> = needed.chain(fed).collect();
    let mut over_us = own_us.clone();
    let mut waves = vec![1u32; plan.len()];
    // Each round follows chains at least one step further, and none is longer than the plan.
    for _ in plan.iter() {
        let mut moved = false;
        for (before, behind, is_wave) in &edges {
            let (Some(from_us), Some(wave)) = (over_us.get(*before).copied(), waves.get(*before).copied())
            else {
                continue;
            };
            let at_us = from_us + own_us.get(*behind).copied().unwrap_or(0);
            if let Some(slot) = over_us.get_mut(*behind).filter(|slot| **slot < at_us) {
                *slot = at_us;
                moved = true;
            }
            if let Some(slot) = waves.get_mut(*behind).filter(|slot| *is_wave && **slot <= wave) {
                *slot = wave + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    CriticalPath {
        path_us: over_us.into_iter().max().unwrap_or(0),
        work_us: own_us.into_iter().sum(),
        n_waves: waves.into_iter().max().unwrap_or(0),
    }
}

fn in_flight_us(story: &Story) -> u64 {
    story.time_us(|phase| {
        matches!(phase, Phase::FirstToken | Phase::Generating | Phase::Failed(_) | Phase::Cancelled)
    })
}
