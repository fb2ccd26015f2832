//! What an arm's outcome kept of what its workers brought, or of the documents it is about.

use super::{Input, Retention, retention};
use crate::analysis::recording::Recording;
use crate::engine::call::Answer;
use crate::engine::patterns::{Merged, Outcome, Pattern, Role};

/// None where the arm has no merged outcome.
pub fn kept(pattern: &Pattern, recording: &Recording) -> Option<Retention> {
    let Some(Outcome::Merged(Merged { reply, .. })) = &recording.outcome else { return None };
    let mut outcome = reply.answer.main_text().to_string();
    if let Answer::Points { key_points, .. } = &reply.answer {
        for point in key_points {
            outcome.push('\n');
            outcome.push_str(point);
        }
    }
    let inputs: Vec<Input> = match pattern {
        Pattern::MapReduce(map_reduce) => map_reduce
            .documents
            .iter()
            .map(|document| Input { name: document.id(), text: document.text(), key_points: &[] })
            .collect(),
        Pattern::Sectioning(_) | Pattern::Voting(_) => sections(recording),
    };
    Some(retention(&inputs, &outcome))
}

fn sections(recording: &Recording) -> Vec<Input<'_>> {
    let workers =
        recording.plan.iter().zip(&recording.texts).filter(|(planned, _)| planned.role == Role::Worker);
    workers
        .filter_map(|(planned, text)| {
            let Some(Ok(reply)) = &text.result else { return None };
            let key_points: &[String] = match &reply.answer {
                Answer::Points { key_points, .. } => key_points,
                _ => &[],
            };
            Some(Input { name: &planned.label, text: reply.answer.main_text(), key_points })
        })
        .collect()
}
