//! What to change about a draft, as a button does it.

use crate::scenario::dial::Dial;
use crate::scenario::draft::{Admission, Draft};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// So many calls at once instead of so many.
    Concurrency { from: u32, to: u32 },
    /// Ask the own limiter first instead of sending and retrying.
    AskFirst,
    /// So many votes.
    Votes(u32),
    /// Hand results over as they come.
    AsTheyCome,
    /// A failure is handed over beside the results: `gather(return_exceptions=True)`.
    Collect,
    /// So many failing attempts a call.
    Attempts(u32),
    /// Combine in a tree instead of one document after the other.
    Tree,
    /// Give up an attempt that is silent for so many seconds, and try again.
    FirstTokenTimeout { seconds: u32 },
}

impl Advice {
    pub fn apply(&self, draft: &mut Draft) {
        match *self {
            Advice::Concurrency { to, .. } => draft.limits.concurrency = to,
            Advice::AskFirst => draft.limits.admission = Admission::AskFirst,
            Advice::Votes(votes) => draft.voting.votes = votes,
            Advice::AsTheyCome => draft.dials.set(Dial::Delivery, Some(1)),
            Advice::Collect => draft.dials.set(Dial::OnFailure, Some(0)),
            Advice::Attempts(attempts) => draft.limits.attempts = attempts,
            Advice::Tree => draft.dials.set(Dial::Combine, Some(0)),
            Advice::FirstTokenTimeout { seconds } => {
                draft.dials.set(Dial::FirstTokenTimeout, Some(seconds));
            }
        }
    }

    /// What its button says.
    pub fn label(&self) -> String {
        match *self {
            Advice::Concurrency { from, to } if to < from => format!("Lower concurrency to {to}"),
            Advice::Concurrency { to, .. } => format!("Raise concurrency to {to}"),
            Advice::AskFirst => "Ask the own limiter first".to_string(),
            Advice::Votes(1) => "Ask once".to_string(),
            Advice::Votes(votes) => format!("Ask for {votes} votes"),
            Advice::AsTheyCome => "Hand over results as they come".to_string(),
            Advice::Collect => "Keep the other results when a call fails".to_string(),
            Advice::Attempts(attempts) => format!("Allow {attempts} attempts"),
            Advice::Tree => "Combine in a tree".to_string(),
            Advice::FirstTokenTimeout { seconds } => format!("Try again after {seconds} s of silence"),
        }
    }
}
