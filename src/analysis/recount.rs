//! Another count of the same votes: by another reading or rule, without another call.

use super::recording::Recording;
use crate::engine::patterns::voting::tally::{Tally, Vote};
use crate::engine::patterns::voting::{Arrival, Voting};
use crate::engine::patterns::{Outcome, Role};

/// The votes of a recording as `voting` counts them; none where there is no count yet.
pub fn recount(voting: &Voting, recording: &Recording) -> Option<Tally> {
    let Some(Outcome::Voted(_)) = &recording.outcome else { return None };
    let voters = recording.plan.iter().take_while(|planned| planned.role == Role::Worker).count() as u32;
    let ended = recording.events.iter().filter(|event| event.what.end().is_some());
    let arrivals: Vec<Arrival> = ended
        .filter_map(|event| event.what.call().map(|call| call.0))
        .filter(|voter| *voter < voters)
        .map(|voter| {
            let result = recording.texts.get(voter as usize).and_then(|text| text.result.as_ref());
            (voter, result.and_then(|result| result.as_ref().ok()).map(|reply| Vote::of(&reply.answer)))
        })
        .collect();
    Voting { votes: voters, ..voting.clone() }.count(&arrivals)
}
