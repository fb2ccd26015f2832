//! The three ways to fan out: which calls are made, what the aggregator gets, what comes of it.
//!
//! Invariant: every pattern states all its calls before the first one is made; an aggregator gets
//! its inputs in input order (a fold that takes them as they come: in that one), is told by name what is
//! missing, and is never called with nothing.

pub mod map_reduce;
pub mod prompt;
pub mod sectioning;
pub mod single;
pub mod split;
pub mod voting;

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use super::batch::Gathered;
use super::call::{Answer, Part, Prompt, Reply, Request, Task, estimate_tokens};
use super::draw::DrawKey;
use super::failure::Settled;
use super::retry::GaveUp;
use super::run::{Failed, Run};
use map_reduce::MapReduce;
use sectioning::Sectioning;
use voting::{Voted, Voting};

/// What an arm does.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    Sectioning(Sectioning),
    Voting(Voting),
    MapReduce(MapReduce),
}

/// One call of a pattern, known before the run starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// What the page and its tests call it: `section-1`, `voter-1`, `document-ID`, `reduce-LEVEL-NODE`.
    pub key: String,
    pub label: String,
    pub role: Role,
    /// The call that gets its result, by index in the plan; none where that is seen only as it goes.
    pub feeds: Option<u32>,
    /// Calls of the same kind whose results it waits for.
    pub needs: Vec<u32>,
}

/// What a call does within its pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Worker,
    Aggregator,
}

/// What an arm came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Merged(Merged),
    Voted(Voted),
    /// No outcome is a state, and says why.
    None(NoOutcome),
}

/// What the last aggregator made.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    pub reply: Arc<Reply>,
    pub coverage: Coverage,
    /// Words of the documents that reached it, counted here and never asked of a model.
    pub words: Option<u64>,
}

/// Which inputs reached the aggregator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    pub used: Vec<Arc<str>>,
    pub missing: Vec<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NoOutcome {
    /// Not one worker brought a result.
    NothingArrived,
    /// The failure policy gave the caller these failures instead of results: which call of the
    /// plan, and what it met.
    Failures(Vec<(u32, Failed)>),
    AggregatorFailed(Failed),
    Stopped,
}

impl Pattern {
    /// Every call it may make, in the order of their numbers.
    pub fn plan(&self) -> Vec<Planned> {
        match self {
            Pattern::Sectioning(sectioning) => sectioning.plan(),
            Pattern::Voting(voting) => voting.plan(),
            Pattern::MapReduce(map_reduce) => map_reduce.plan(),
        }
    }

    /// How many calls it may make.
    pub fn n_calls(&self) -> u32 {
        match self {
            Pattern::Sectioning(sectioning) => sectioning.n_calls(),
            Pattern::Voting(voting) => voting.n_calls(),
            Pattern::MapReduce(map_reduce) => map_reduce.n_calls(),
        }
    }

    /// Adds itself to a run as an arm that draws from `seed`. The outcome is there when its caller
    /// has one, which may be before the last call is over.
    pub fn add_to(self: Arc<Self>, run: &mut Run, seed: u64) -> Rc<OnceCell<Outcome>> {
        let outcome = Rc::new(OnceCell::new());
        let slot = outcome.clone();
        run.add_arm(self.n_calls(), 0, move |arm| async move {
            let made = match &*self {
                Pattern::Sectioning(sectioning) => sectioning.run(&arm, seed).await,
                Pattern::Voting(voting) => voting.run(&arm, seed).await,
                Pattern::MapReduce(map_reduce) => map_reduce.run(&arm, seed).await,
            };
            // The slot is written here and nowhere else.
            let _ = slot.set(made);
        });
        outcome
    }
}

/// The draws of an aggregator: a range of items that no worker uses.
fn aggregator_draws(seed: u64, level: u32, node: u32) -> DrawKey {
    DrawKey { seed, item: 0x8000_0000 | level, call: node }
}

/// A request to send `prompt`. Where a run has no texts the prompt is empty and its length was
/// counted without writing it.
fn request(draws: DrawKey, prompt: Prompt, task: Task, max_tokens: u32) -> Request {
    let input_tokens = estimate_tokens(&prompt.system) + estimate_tokens(&prompt.user);
    Request { draws, prompt, task, input_tokens, max_tokens }
}

/// Why an aggregator's call brought no outcome.
fn no_outcome(failed: Failed) -> Outcome {
    Outcome::None(match failed.gave_up {
        GaveUp::Cancelled => NoOutcome::Stopped,
        _ => NoOutcome::AggregatorFailed(failed),
    })
}

/// Why there is nothing to aggregate, where that is so.
fn nothing_to_aggregate(gathered: Gathered, n_arrived: usize) -> Option<Outcome> {
    let why = match gathered.settled {
        Settled::Failures if !gathered.failures.is_empty() => NoOutcome::Failures(gathered.failures),
        Settled::Results if n_arrived > 0 => return None,
        _ if gathered.stopped => NoOutcome::Stopped,
        _ => NoOutcome::NothingArrived,
    };
    Some(Outcome::None(why))
}

/// What stands before the name of an input in an aggregator's prompt.
const HEADING: &str = "### ";

/// What stands before the names of the inputs that are missing.
const MISSING: &str = "Missing, because the call for it brought nothing: ";

/// Names beyond this many are counted.
const MOST_NAMES: usize = 20;

/// The inputs of an aggregator as its prompt shows them, in input order, and by name what is missing.
fn results_text<'a>(parts: &[Part], missing: impl ExactSizeIterator<Item = &'a Arc<str>>) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(HEADING);
        text.push_str(&part.name);
        text.push('\n');
        text.push_str(part.text.trim());
        text.push_str("\n\n");
    }
    let n_missing = missing.len();
    if n_missing > 0 {
        text.push_str(MISSING);
        for (i, name) in missing.take(MOST_NAMES).enumerate() {
            text.push_str(if i == 0 { "" } else { ", " });
            text.push_str(name);
        }
        if n_missing > MOST_NAMES {
            text.push_str(" and ");
            text.push_str(&(n_missing - MOST_NAMES).to_string());
            text.push_str(" more");
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// The inputs that stand in an aggregator's prompt, for who has nothing but the prompt.
pub fn parts_in(prompt: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for line in prompt.lines().take_while(|line| !line.starts_with(MISSING)) {
        if let Some(name) = line.strip_prefix(HEADING) {
            parts.push(Part { name: name.to_string(), text: String::new() });
        } else if let Some(part) = parts.last_mut() {
            part.text.push_str(line);
            part.text.push('\n');
        }
    }
    for part in &mut parts {
        part.text.truncate(part.text.trim_end().len());
    }
    parts
}

/// A worker's reply as an aggregator reads it.
fn part(name: &str, reply: &Reply) -> Part {
    let mut text = reply.answer.main_text().to_string();
    if let Answer::Points { key_points, .. } = &reply.answer
        && !key_points.is_empty()
    {
        text.push_str("\nKey points:");
        for point in key_points {
            text.push_str("\n- ");
            text.push_str(point);
        }
    }
    Part { name: name.to_string(), text }
}
