//! Voting: the same question to several voters, then a count.
//!
//! Invariant: a count is a function of the raw votes, and of their order where asking may stop
//! early. Who reads them in another way, or counts by another rule, makes no call.

pub mod judge;
pub mod reading;
pub mod rule;
pub mod stop;
pub mod tally;

use std::sync::Arc;

use judge::Judged;
use reading::{Reader, Reading};
use rule::Rule;
use stop::{Decision, StopRule, decide};
use tally::{Ballot, Tally, Vote, tally};

use super::{NoOutcome, Outcome, Planned, Role, nothing_to_aggregate, request};
use crate::engine::batch::{Delivery, Entry, Flow, Manner, gather};
use crate::engine::call::{Prompt, Reply, Request, Task};
use crate::engine::draw::DrawKey;
use crate::engine::run::arm::Arm;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Voting {
    pub question: Arc<str>,
    /// The answers to choose from; may be empty.
    pub options: Arc<[String]>,
    /// Which option is right, for the simulation only; never sent to a model.
    pub correct: Option<usize>,
    pub votes: u32,
    pub reading: Reading,
    pub rule: Rule,
    pub stop: StopRule,
    /// A call that chooses among the answers; none where the count decides. Variables: `{question}`,
    /// `{candidates}`.
    pub judge_prompt: Option<Prompt>,
    /// Variable: `{question}`.
    pub prompt: Prompt,
    pub max_tokens: u32,
    pub manner: Manner,
}

/// What a vote came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Voted {
    pub tally: Tally,
    /// What the judge made of it, where one was asked.
    pub judged: Option<Judged>,
}

/// A voter's answer, in the order in which they came; none where the call brought none.
pub type Arrival<'a> = (u32, Option<Vote<'a>>);

impl Voting {
    pub fn n_calls(&self) -> u32 {
        self.votes + if self.judge_prompt.is_some() { 2 } else { 0 }
    }

    pub fn plan(&self) -> Vec<Planned> {
        let planned =
            |key: String, label: String, role| Planned { key, label, role, feeds: None, needs: Vec::new() };
        let voters =
            (1..=self.votes).map(|n| planned(format!("voter-{n}"), format!("vote {n}"), Role::Worker));
        let judges = (self.votes + 1..=self.n_calls())
            .zip(1..)
            .map(|(_, n)| planned(format!("judge-{n}"), format!("judge {n}"), Role::Aggregator));
        voters.chain(judges).collect()
    }

    pub async fn run(&self, arm: &Arm, seed: u64) -> Outcome {
        let prompt = self.filled_prompt();
        let reader = self.reading.of(&self.options);
        let mut ask = |voter| self.vote_request(seed, voter, prompt.clone());
        let manner = self.manner();
        let one_by_one = manner.delivery != Delivery::Together;
        let mut arrived: Vec<(u32, Option<Arc<Reply>>)> = Vec::with_capacity(self.votes as usize);
        let mut ballots = Vec::new();
        let mut keep = |voter: u32, result: Result<Arc<Reply>, _>| {
            let reply: Option<Arc<Reply>> = result.ok();
            let vote = reply.as_ref().map(|reply| Vote::of(&reply.answer));
            ballots.push(vote.map(|vote| Ballot::read(vote, &reader)));
            arrived.push((voter, reply));
            if one_by_one {
                arm.release(voter);
            }
            let n_to_come = self.votes - ballots.len() as u32;
            match decide(self.stop, self.rule, &ballots, n_to_come) {
                Decision::Stop { .. } if n_to_come > 0 => Flow::Enough,
                _ => Flow::GoOn,
            }
        };
        let gathered = gather(arm, self.votes, manner, &mut ask, &mut keep).await;
        let n_arrived = arrived.iter().filter(|(_, reply)| reply.is_some()).count();
        if let Some(outcome) = nothing_to_aggregate(gathered, n_arrived) {
            return outcome;
        }
        let arrivals: Vec<Arrival> = arrived
            .iter()
            .map(|(voter, reply)| (*voter, reply.as_ref().map(|reply| Vote::of(&reply.answer))))
            .collect();
        let Some(tally) = self.count_as_read(&arrivals, &reader) else {
            return Outcome::None(NoOutcome::NothingArrived);
        };
        let judged = match &self.judge_prompt {
            Some(prompt) => self.ask_judge(arm, seed, prompt, &tally).await,
            None => None,
        };
        Outcome::Voted(Voted { tally, judged })
    }

    /// Counts votes in the order in which they came, as far as the stop rule goes. None where nobody
    /// voted.
    pub fn count(&self, arrivals: &[Arrival]) -> Option<Tally> {
        self.count_as_read(arrivals, &self.reading.of(&self.options))
    }

    fn count_as_read(&self, arrivals: &[Arrival], reader: &Reader) -> Option<Tally> {
        let read = |vote: Vote| Ballot::read(vote, reader);
        let ballots: Vec<Option<Ballot>> = arrivals.iter().map(|(_, vote)| vote.map(read)).collect();
        let decisions = (1..=ballots.len()).map(|n| {
            let n_to_come = self.votes.saturating_sub(n as u32);
            decide(self.stop, self.rule, ballots.get(..n).unwrap_or_default(), n_to_come)
        });
        let stopped = decisions.into_iter().find_map(|decision| match decision {
            Decision::Stop { counted, rule } => Some((counted, rule)),
            Decision::GoOn => None,
        });
        // A vote that was broken off counts as far as it went.
        let (counted, rule) = stopped.unwrap_or((0..arrivals.len(), self.rule));
        let mut votes = vec![None; self.votes as usize];
        for (voter, vote) in arrivals.get(counted).unwrap_or_default() {
            if let Some(slot) = votes.get_mut(*voter as usize) {
                *slot = *vote;
            }
        }
        tally(&votes, reader, rule)
    }

    /// The whole task as one call: one more voter.
    pub fn whole(&self, seed: u64) -> Request {
        self.vote_request(seed, u32::MAX, self.filled_prompt())
    }

    /// What the stop rule needs: votes as they come, and for windows of agreement one at a time.
    fn manner(&self) -> Manner {
        let Manner { policy, entry, delivery } = self.manner;
        let window = |n: u32| std::num::NonZeroU32::new(n).map_or(entry, Entry::Chunks);
        match self.stop {
            StopRule::None => self.manner,
            StopRule::Esc { window: n } => {
                Manner { policy, entry: window(n), delivery: Delivery::Completion }
            }
            StopRule::Decided | StopRule::Beta | StopRule::Either => {
                let delivery = if delivery == Delivery::Together { Delivery::Completion } else { delivery };
                Manner { policy, entry, delivery }
            }
        }
    }

    fn filled_prompt(&self) -> Prompt {
        self.prompt.fill(&[("question", &self.question_with_options())])
    }

    fn vote_request(&self, seed: u64, voter: u32, prompt: Prompt) -> Request {
        let draws = DrawKey { seed, item: 0, call: voter };
        let task = Task::Vote { options: self.options.clone(), correct: self.correct };
        request(draws, prompt, task, self.max_tokens)
    }

    fn question_with_options(&self) -> String {
        let mut text = self.question.to_string();
        if !self.options.is_empty() {
            text.push_str("\nAnswer with one of these:");
            for option in self.options.iter() {
                text.push_str("\n- ");
                text.push_str(option);
            }
        }
        text
    }
}
