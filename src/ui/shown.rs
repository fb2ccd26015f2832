//! What an arm shows, and how a simulated run comes to it.

use std::sync::Arc;

use crate::analysis::fork::Past;
use crate::analysis::recording::Recording;
use crate::analysis::rehearsal::{one_by_one_us, rehearse_arm, rehearse_behind, rehearse_single, takes_long};
use crate::analysis::story::Stories;
use crate::engine::price::Price;
use crate::scenario::{ArmKind, Limiters, Scenario};

/// A recording, and how long the same calls take one by one where that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub recording: Recording,
    pub sequential_us: Option<u64>,
    /// The whole task as one call, where that was asked for.
    pub single: Option<Recording>,
}

/// What an arm shows of a simulated run; none where it takes long. `together` has the recordings of arms
/// that share a limiter.
pub(super) fn rehearsed(
    scenario: &Scenario,
    kind: ArmKind,
    price: Option<Price>,
    past: &[Past],
    together: &[Option<Recording>; 3],
) -> Option<Arc<Shown>> {
    let recording = match together[kind.index()].clone() {
        Some(recording) => recording,
        None if takes_long(scenario, kind) => return None,
        None => rehearse_arm(past, scenario, kind, price)?,
    };
    let has_single = scenario.single && !any_takes_long(scenario);
    let single = has_single.then(|| rehearse_single(scenario, kind, price)).flatten();
    Some(Arc::new(Shown { recording, sequential_us: one_by_one_us(scenario, kind), single }))
}

/// The recordings of arms that share a limiter. Where one takes long, each is shown on its own.
pub(super) fn together(scenario: &Scenario, price: Option<Price>, past: &[Past]) -> [Option<Recording>; 3] {
    match scenario.limiters == Limiters::Shared && !any_takes_long(scenario) {
        true => rehearse_behind(past, scenario, price),
        false => [const { None }; 3],
    }
}

fn any_takes_long(scenario: &Scenario) -> bool {
    ArmKind::ALL.iter().any(|kind| takes_long(scenario, *kind))
}

/// What the calls of an arm went through.
pub(super) fn told(shown: Option<&Shown>) -> Stories {
    match shown {
        Some(Shown { recording, .. }) => {
            Stories::of(&recording.events, recording.plan.len(), recording.now_us)
        }
        None => Stories::default(),
    }
}
