//! Runs to test with.

use fanout::analysis::measure::figures;
use fanout::analysis::metrics::metrics;
use fanout::analysis::recording::Recording;
use fanout::analysis::rehearsal::rehearse_all;
use fanout::engine::price::Price;
use fanout::runs::changes;
use fanout::runs::kept::{Answered, Kept, Summary};
use fanout::runs::name;
use fanout::scenario::draft::Draft;
use fanout::scenario::file;

pub const PRICE: Price =
    Price { input_nano_usd: 100, cached_nano_usd: 10, cache_write_nano_usd: 125, output_nano_usd: 400 };

/// The first ready scenario after a change.
pub fn draft(change: impl FnOnce(&mut Draft)) -> Draft {
    let mut draft =
        file::read(include_str!("../../public/scenarios/bill-of-rights.json")).expect("a scenario").draft;
    change(&mut draft);
    draft
}

/// A draft under which calls are refused, fail and are tried again.
pub fn troubled(draft: &mut Draft) {
    draft.limits.requests_per_minute = Some(60);
    draft.limits.burst = 2;
    draft.limits.attempts = 2;
    draft.simulation.fault_percent = 30;
}

pub fn recordings(draft: &Draft) -> [Recording; 3] {
    rehearse_all(&draft.check().0, Some(PRICE)).map(|arm| arm.expect("it does not stall"))
}

/// A simulated run that was kept at a time, with one number in place of all: the makespan of every arm.
pub fn kept(at_ms: u64, draft: &Draft) -> Kept {
    let recordings = recordings(draft);
    Kept {
        at_ms,
        name: name::of(draft),
        answered: Answered::Simulated,
        scenario: fanout::json::write(&file::value(draft)),
        changes: fanout::json::write(&changes::value(&[], draft)),
        arms: recordings
            .map(|recording| Some(Summary::of(&recording, figures(&metrics(&recording, None, Some(PRICE)))))),
    }
}

/// Another run for each number: nothing but the seed differs, and nothing is simulated.
pub fn numbered(n: u64) -> Kept {
    let mut file = file::value(&Draft::default());
    file["seed"] = n.into();
    Kept {
        at_ms: 1000 + n,
        name: format!("run {n}"),
        answered: Answered::Simulated,
        scenario: fanout::json::write(&file),
        changes: "[]".to_string(),
        arms: [None, None, None],
    }
}
