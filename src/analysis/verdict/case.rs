//! The settings of an arm that the rules look at.

use super::accuracy::{Enough, enough_votes};
use crate::engine::batch::{Delivery, Manner};
use crate::engine::limiter::bucket::Rate;
use crate::engine::limiter::requests::RequestRate;
use crate::engine::patterns::Pattern;
use crate::engine::patterns::map_reduce::Combine;
use crate::engine::patterns::voting::stop::StopRule;
use crate::engine::price::Price;
use crate::scenario::{ArmKind, Scenario};

#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub arm: ArmKind,
    pub n_workers: u32,
    pub n_calls: u32,
    pub concurrency: u32,
    pub manner: Manner,
    pub chain: Chain,
    /// The provider's limits.
    pub requests: Option<RequestRate>,
    pub tokens: Option<Rate>,
    /// Whether the client keeps to them by itself.
    pub asks_first: bool,
    pub max_attempts: u32,
    pub fault_percent: u8,
    /// None where nobody knows it.
    pub price: Option<Price>,
    /// Whether what answers say changes which calls are made.
    pub needs_words: bool,
    /// Fewer votes that would do; none where there are no votes, or nothing exact is known of them.
    pub votes: Option<Enough>,
}

/// Whether workers wait for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    None,
    /// Sections that need others.
    Sections,
    /// Each document's call improves what the one before it made.
    Refine,
}

impl Case {
    /// None where the arm cannot run.
    pub fn of(scenario: &Scenario, arm: ArmKind, price: Option<Price>) -> Option<Self> {
        let pattern = &**scenario.arm(arm)?;
        let simulation = &scenario.simulation;
        let (n_workers, manner, chain, votes) = match pattern {
            Pattern::Sectioning(sectioning) => {
                let waits = sectioning.sections.iter().any(|section| !section.after.is_empty());
                let chain = if waits { Chain::Sections } else { Chain::None };
                (sectioning.sections.len() as u32, sectioning.manner, chain, None)
            }
            Pattern::Voting(voting) => {
                (voting.votes, voting.manner, Chain::None, enough_votes(voting, simulation.opinion))
            }
            Pattern::MapReduce(map_reduce) => {
                let refines = map_reduce.combine == Combine::Refine;
                let chain = if refines { Chain::Refine } else { Chain::None };
                (map_reduce.documents.len() as u32, map_reduce.manner, chain, None)
            }
        };
        let needs_words = match pattern {
            Pattern::Voting(voting) => voting.stop != StopRule::None || voting.judge_prompt.is_some(),
            _ => false,
        };
        let (requests, tokens) = (simulation.requests, simulation.tokens);
        Some(Case {
            arm,
            n_workers,
            n_calls: pattern.n_calls(),
            concurrency: scenario.limits.concurrency.get(),
            manner,
            chain,
            requests,
            tokens,
            asks_first: (scenario.limits.requests, scenario.limits.tokens) == (requests, tokens),
            max_attempts: scenario.retry.max_attempts,
            fault_percent: simulation.fault_percent,
            price,
            needs_words,
            votes,
        })
    }

    pub fn is_in_input_order(&self) -> bool {
        self.manner.delivery == Delivery::Input
    }
}
