//! The aggregator alone, on inputs that somebody chose: how its prompt is tested.

use std::sync::Arc;

use super::recording::{Recording, Text};
use super::rehearsal::{limits, set_up};
use super::retention::{Input, Retention, retention};
use crate::engine::call::{Answer, Part, Request};
use crate::engine::patterns::{Pattern, Role, single};
use crate::engine::run::Texts;
use crate::scenario::{ArmKind, Scenario};

/// What stands between two inputs, on a line of its own.
pub const BETWEEN: &str = "---";

/// The inputs in a text: pieces with lines of dashes between them. The first line of a piece names it
/// where it ends with a colon.
pub fn inputs(typed: &str) -> Vec<Part> {
    let mut pieces = vec![String::new()];
    for line in typed.lines() {
        match (line.trim() == BETWEEN, pieces.last_mut()) {
            (false, Some(piece)) => {
                piece.push_str(line);
                piece.push('\n');
            }
            _ => pieces.push(String::new()),
        }
    }
    let pieces = pieces.iter().map(|piece| piece.trim()).filter(|piece| !piece.is_empty());
    let part = |(i, piece): (usize, &str)| {
        let named =
            piece.split_once('\n').and_then(|(head, rest)| Some((head.trim().strip_suffix(':')?, rest)));
        let (name, text) = match named {
            Some((name, text)) => (name.to_string(), text),
            None => (format!("input {}", i + 1), piece),
        };
        Part { name, text: text.trim().to_string() }
    };
    pieces.enumerate().map(part).collect()
}

/// The workers' answers of a run as such a text, to begin from.
pub fn typed(recording: &Recording) -> String {
    let workers = recording.plan.iter().zip(&recording.texts);
    let pieces = workers.filter(|(planned, _)| planned.role == Role::Worker).filter_map(|(planned, text)| {
        let Some(Ok(reply)) = &text.result else { return None };
        Some(format!("{}:\n{}\n", planned.label, reply.answer.main_text().trim()))
    });
    pieces.collect::<Vec<_>>().join(&format!("{BETWEEN}\n"))
}

/// What the aggregator of an arm is asked about these inputs. A vote has none, and neither has nothing.
pub fn asked(scenario: &Scenario, kind: ArmKind, parts: Vec<Part>) -> Option<Request> {
    let parts = Some(parts).filter(|parts| !parts.is_empty())?;
    match &**scenario.arm(kind)? {
        Pattern::Sectioning(sectioning) => Some(sectioning.synthesis(parts, scenario.seed)),
        Pattern::MapReduce(map_reduce) => Some(map_reduce.combination(parts, scenario.seed)),
        Pattern::Voting(_) => None,
    }
}

/// The simulated provider's answer.
pub fn rehearse(scenario: &Scenario, request: Request) -> Option<Recording> {
    let (mut run, clock) = set_up(scenario, limits(scenario, None), scenario.timeouts, Texts::Kept);
    single::ask(request, &mut run);
    let view = run.finish(&clock).ok()?;
    Some(Recording::of(&view, 0, Arc::new(single::plan()), None))
}

/// What the answer kept of the inputs; none where there is no answer.
pub fn kept(parts: &[Part], text: &Text) -> Option<Retention> {
    let Some(Ok(reply)) = &text.result else { return None };
    let mut said = reply.answer.main_text().to_string();
    if let Answer::Points { key_points, .. } = &reply.answer {
        said.push('\n');
        said.push_str(&key_points.join("\n"));
    }
    let inputs: Vec<Input> =
        parts.iter().map(|Part { name, text }| Input { name, text, key_points: &[] }).collect();
    Some(retention(&inputs, &said))
}
