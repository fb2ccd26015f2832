//! Votes in short: `a.9` says a with a confidence of .9, `?` abstains, `-` failed.

use fanout::engine::patterns::voting::reading::Reading;
use fanout::engine::patterns::voting::tally::{Ballot, Vote};

pub fn votes(said: &str) -> Vec<Option<Vote<'_>>> {
    said.split_whitespace().map(vote).collect()
}

pub fn vote(said: &str) -> Option<Vote<'_>> {
    match said {
        "-" => None,
        "?" => Some(Vote { raw: "unknown", confidence: None }),
        _ => {
            let (raw, confidence) = said.split_at(1);
            Some(Vote { raw, confidence: confidence.parse().ok() })
        }
    }
}

pub fn ballots(said: &str) -> Vec<Option<Ballot>> {
    votes(said).into_iter().map(|vote| vote.map(read)).collect()
}

pub fn read(vote: Vote) -> Ballot {
    Ballot::read(vote, &Reading::default().of(&[]))
}
