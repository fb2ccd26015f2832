//! A run that is changed on the way: what was stays, what comes is another run.

use crate::engine::limiter::core::Limits;
use crate::providers::simulated::Simulation;
use crate::scenario::Scenario;

/// How it was up to an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past {
    pub until_us: u64,
    pub limits: Limits,
    pub simulation: Simulation,
}

/// The past of a run that is changed at an instant, from the scenario it had to the one it gets. What
/// was changed later than that is forgotten. None where more differs than can change on the way.
pub fn fork(before: &Scenario, after: &Scenario, past: &[Past], at_us: u64) -> Option<Vec<Past>> {
    let Scenario { limits, simulation, .. } = *after;
    if *after != (Scenario { limits, simulation, ..before.clone() }) {
        return None;
    }
    let now = Past { until_us: at_us, limits: before.limits, simulation: before.simulation };
    let in_force = past.iter().copied().find(|past| past.until_us >= at_us).unwrap_or(now);
    let earlier = past.iter().copied().filter(|past| past.until_us < at_us);
    Some(earlier.chain([Past { until_us: at_us, ..in_force }]).collect())
}
