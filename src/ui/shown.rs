//! What an arm shows, and how a simulated run comes to it.

use std::sync::Arc;

use crate::analysis::fork::Past;
use crate::analysis::recording::Recording;
use crate::analysis::rehearsal::{one_by_one_us, rehearse, rehearse_behind, rehearse_single, takes_long};
use crate::analysis::story::Stories;
use crate::engine::price::Price;
use crate::scenario::{ArmKind, Scenario};

/// A recording, and how long the same calls take one by one where that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub recording: Recording,
    pub sequential_us: Option<u64>,
    /// The whole task as one call, where that was asked for.
    pub single: Option<Recording>,
}

/// What every arm shows of a simulated run.
pub(super) fn rehearsed(scenario: &Scenario, price: Option<Price>, past: &[Past]) -> [Option<Arc<Shown>>; 3] {
    if ArmKind::ALL.iter().any(|kind| takes_long(scenario, *kind)) {
        // Those that do not take long are shown all the same, each on its own.
        return ArmKind::ALL.map(|kind| {
            let recording =
                (!takes_long(scenario, kind)).then(|| rehearse(scenario, kind, price)).flatten()?;
            let sequential_us = one_by_one_us(scenario, kind);
            Some(Arc::new(Shown { recording, sequential_us, single: None }))
        });
    }
    let mut recordings = rehearse_behind(past, scenario, price).into_iter();
    ArmKind::ALL.map(|kind| {
        let recording = recordings.next().flatten()?;
        let single = scenario.single.then(|| rehearse_single(scenario, kind, price)).flatten();
        Some(Arc::new(Shown { recording, sequential_us: one_by_one_us(scenario, kind), single }))
    })
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
