//! From a draft to a scenario that can run, and a sentence for everything that keeps it from that.
//!
//! Invariant: an arm that passes can run to its end; what is wrong with one leaves the others alone.

mod map_reduce;
mod sectioning;
mod voting;

use std::num::NonZeroU32;
use std::sync::Arc;

use super::dial::Dial;
use super::draft::{Admission, Draft, SimulationDraft};
use super::{ArmKind, Problem, Scenario};
use crate::engine::batch::Manner;
use crate::engine::call::Prompt;
use crate::engine::clock::MS;
use crate::engine::failure::FailurePolicy;
use crate::engine::limiter::bucket::Rate;
use crate::engine::limiter::core::Limits;
use crate::engine::limiter::requests::RequestRate;
use crate::engine::patterns::Pattern;
use crate::providers::simulated::Simulation;
use crate::providers::simulated::answers::Opinion;

pub use self::voting::MOST_VOTES;

/// Billionths of a dollar in a tenth of a cent.
const NANO_USD_A_MILL: u64 = 1_000_000;

impl Draft {
    /// The scenario as far as it can run, and what is wrong with the rest.
    pub fn check(&self) -> (Scenario, Vec<Problem>) {
        let mut problems = Vec::new();
        let manner = self.dials.manner();
        let sectioning = self.sectioning.check(manner).map(Pattern::Sectioning);
        let voting = self.voting.check(manner, &self.dials).map(Pattern::Voting);
        let map_reduce = self.map_reduce.check(manner, &self.dials).map(Pattern::MapReduce);
        let checked = [sectioning, voting, map_reduce];
        let mut kinds = ArmKind::ALL.into_iter();
        let arms = checked.map(|arm| {
            let kind = kinds.next();
            arm.map(Arc::new)
                .map_err(|sentences| {
                    problems.extend(sentences.into_iter().map(|sentence| Problem { arm: kind, sentence }))
                })
                .ok()
        });
        let (requests, tokens) = self.rates();
        let asks_first = self.limits.admission == Admission::AskFirst;
        let dials = &self.dials;
        let scenario = Scenario {
            seed: self.seed,
            limits: Limits {
                requests: requests.filter(|_| asks_first),
                tokens: tokens.filter(|_| asks_first),
                adaptive: dials.adaptive(),
                after_pause: dials.after_pause(),
                ..Limits::concurrent(at_least_one(self.limits.concurrency))
            },
            budget_nano_usd: dials.get(Dial::Budget).map(|mills| u64::from(mills) * NANO_USD_A_MILL),
            retry: dials.retry(self.limits.attempts.max(1)),
            timeouts: dials.timeouts(),
            limiters: dials.limiters(),
            single: dials.is_on(Dial::Single),
            clean_up_us: u64::from(dials.count(Dial::CleanUp)) * MS,
            simulation: Simulation {
                speed: self.simulation.speed,
                requests,
                tokens,
                fault_percent: self.simulation.fault_percent.min(100) as u8,
                opinion: Opinion {
                    accuracy: self.simulation.difficulty,
                    shared_error: self.simulation.shared_error,
                },
                texts: true,
            },
            arms,
        };
        (scenario, problems)
    }

    /// Takes over what can change on the way of a run: the limits of client and provider, and what the
    /// provider is like. [`Draft::check`] makes the same of it again.
    pub fn take_over(&mut self, limits: &Limits, simulation: &Simulation) {
        let Draft { limits: own, dials, simulation: provider, .. } = self;
        own.concurrency = limits.concurrency.get();
        own.tokens_per_minute = simulation.tokens.map(|rate| rate.per_minute.get());
        own.requests_per_minute = match simulation.requests {
            None => None,
            Some(RequestRate::Rolling(per_minute)) => Some(per_minute.get()),
            Some(RequestRate::Bucket(Rate { per_minute, burst })) => {
                own.burst = burst.get();
                Some(per_minute.get())
            }
        };
        own.admission = match limits.requests.is_some() || limits.tokens.is_some() {
            true => Admission::AskFirst,
            false => Admission::SendAndRetry,
        };
        let is_rolling = matches!(simulation.requests, Some(RequestRate::Rolling(_)));
        dials.set(Dial::RollingMinute, Some(is_rolling.into()));
        dials.set(Dial::Adaptive, Some(limits.adaptive.is_some().into()));
        dials.set(Dial::AfterPause, Some(limits.after_pause as u32));
        *provider = SimulationDraft {
            speed: simulation.speed,
            fault_percent: simulation.fault_percent.into(),
            difficulty: simulation.opinion.accuracy,
            shared_error: simulation.opinion.shared_error,
        };
    }

    /// Takes over what reaches a live run on its way: limits of the client. What the provider is like
    /// stays, but for the rates that the client asks its own limiter about.
    pub fn take_over_limits(&mut self, now: &Scenario) {
        let simulation = self.check().0.simulation;
        let Simulation { requests, tokens, .. } = now.simulation;
        let simulation = match now.limits.requests.is_some() || now.limits.tokens.is_some() {
            true => Simulation { requests, tokens, ..simulation },
            false => simulation,
        };
        self.take_over(&now.limits, &simulation);
    }

    /// The limits of the endpoint as the draft states them.
    pub fn rates(&self) -> (Option<RequestRate>, Option<Rate>) {
        let requests = self.limits.requests_per_minute.and_then(NonZeroU32::new).map(|per_minute| match self
            .dials
            .is_on(Dial::RollingMinute)
        {
            true => RequestRate::Rolling(per_minute),
            false => RequestRate::Bucket(Rate { per_minute, burst: at_least_one(self.limits.burst) }),
        });
        let tokens = self.limits.tokens_per_minute.and_then(NonZeroU32::new).map(Rate::tokens);
        (requests, tokens)
    }
}

fn at_least_one(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

/// Names that stand there more than once, each reported once.
fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    let mut repeated: Vec<&str> =
        names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    repeated.dedup();
    repeated
}

/// A prompt without the variable that carries its input asks about nothing.
fn lacks_variable(name: &str, prompt: &Prompt, variable: &str) -> Option<String> {
    let braced = format!("{{{variable}}}");
    let there = prompt.system.contains(&braced) || prompt.user.contains(&braced);
    (!there).then(|| format!("The {name} does not contain {braced}. Put it where the input should stand."))
}

fn too_many(n_calls: usize, most: usize) -> Option<String> {
    (n_calls > most).then(|| format!("{n_calls} calls are more than {most}. Use fewer inputs."))
}

/// A quorum that all calls together cannot reach.
fn beyond_quorum(manner: Manner, n_calls: u32, what: &str) -> Option<String> {
    match manner.policy {
        FailurePolicy::Quorum(quorum) if quorum > n_calls => Some(format!(
            "{n_calls} {what} cannot bring {quorum} results. Be content with fewer under “When a call fails”."
        )),
        _ => None,
    }
}
