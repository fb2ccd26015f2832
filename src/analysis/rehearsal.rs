//! A run in virtual time: instant, and the same every time.

use std::rc::Rc;
use std::sync::Arc;

use super::recording::Recording;
use crate::engine::clock::VirtualClock;
use crate::engine::draw::arm_seed;
use crate::engine::limiter::core::Limits;
use crate::engine::patterns::Pattern;
use crate::engine::run::{Run, Setup};
use crate::providers::simulated::{Simulated, Simulation};
use crate::scenario::{ArmKind, Scenario};

/// One arm as the scenario says, with a limiter and a simulated provider of its own.
pub fn rehearse(scenario: &Scenario, kind: ArmKind) -> Option<Recording> {
    let pattern = scenario.arm(kind)?;
    simulate(scenario, kind, pattern, scenario.limits, scenario.simulation)
}

/// How long the same calls with the same draws take one by one, in microseconds.
pub fn one_by_one_us(scenario: &Scenario, kind: ArmKind) -> Option<u64> {
    let pattern = scenario.arm(kind)?;
    let limits = Limits { concurrency: std::num::NonZeroU32::MIN, ..scenario.limits };
    // Texts are off but for prompts of aggregators, whose length is part of what they cost.
    let ghost = simulate(scenario, kind, pattern, limits, scenario.simulation)?;
    ghost.events.last().map(|event| event.at_us)
}

fn simulate(
    scenario: &Scenario,
    kind: ArmKind,
    pattern: &Arc<Pattern>,
    limits: Limits,
    simulation: Simulation,
) -> Option<Recording> {
    let clock = VirtualClock::default();
    let model = Simulated::new(simulation, Rc::new(clock.clone()));
    let setup = Setup::new(Rc::new(clock.clone()), Rc::new(model), limits);
    let mut run = Run::new(Setup { retry: scenario.retry, timeouts: scenario.timeouts, ..setup });
    let outcome = pattern.clone().add_to(&mut run, arm_seed(scenario.seed, kind as u8));
    let view = run.finish(&clock).ok()?;
    Some(Recording::of(&view, 0, Arc::new(pattern.plan()), outcome.get().cloned()))
}
