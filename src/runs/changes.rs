//! Changes on the way of a run, as they are written: how it was up to an instant, in the words of the
//! scenario file.

use serde_json::Value;

use crate::analysis::fork::Past;
use crate::json::{self, object};
use crate::scenario::draft::Draft;
use crate::scenario::file;

/// The groups of the file in which stands what can change on the way.
const GROUPS: [&str; 2] = ["limits", "simulation"];

pub fn value(past: &[Past], draft: &Draft) -> Value {
    let piece = |past: &Past| {
        let mut then = draft.clone();
        then.take_over(&past.limits, &past.simulation);
        let mut file = file::value(&then);
        let [limits, simulation] = GROUPS.map(|group| (group, file[group].take()));
        object(vec![("until_us", past.until_us.into()), limits, simulation])
    };
    past.iter().map(piece).collect()
}

/// Reads changes to the scenario in this file. What is none, or comes before the one before it, is
/// left out.
pub fn read(changes: &str, scenario: &str) -> Vec<Past> {
    let mut past: Vec<Past> = Vec::new();
    for piece in json::read(changes).as_ref().and_then(Value::as_array).into_iter().flatten() {
        let after_us = past.last().map_or(0, |last| last.until_us);
        past.extend(read_one(piece, scenario).filter(|piece| piece.until_us >= after_us));
    }
    past
}

fn read_one(piece: &Value, scenario: &str) -> Option<Past> {
    let until_us = piece.get("until_us")?.as_u64()?;
    let mut file = json::read(scenario)?;
    for group in GROUPS {
        *file.get_mut(group)? = piece.get(group)?.clone();
    }
    let (scenario, _) = file::read(&json::write(&file)).ok()?.draft.check();
    Some(Past { until_us, limits: scenario.limits, simulation: scenario.simulation })
}
