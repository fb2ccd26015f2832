//! From a draft to a scenario that can run, and a sentence for everything that keeps it from that.

use std::num::NonZeroU32;
use std::sync::Arc;

use super::draft::{Admission, Draft, MapReduceDraft, SectioningDraft, VotingDraft};
use super::{ArmKind, Problem, Scenario};
use crate::engine::batch::Manner;
use crate::engine::call::Prompt;
use crate::engine::limiter::bucket::Rate;
use crate::engine::limiter::core::Limits;
use crate::engine::limiter::requests::RequestRate;
use crate::engine::patterns::Pattern;
use crate::engine::patterns::map_reduce::{Combine, Document, MapReduce};
use crate::engine::patterns::sectioning::{Section, Sectioning};
use crate::engine::patterns::voting::Voting;
use crate::engine::patterns::voting::reading::Reading;
use crate::engine::patterns::voting::rule::Rule;
use crate::engine::patterns::voting::stop::StopRule;
use crate::engine::retry::RetryPolicy;
use crate::engine::timeouts::Timeouts;
use crate::providers::simulated::Simulation;
use crate::providers::simulated::answers::Opinion;

/// The most calls one arm may have.
pub const MOST_CALLS: usize = 10_000;

/// The most voters one question may have.
pub const MOST_VOTES: u32 = 101;

impl Draft {
    /// The scenario as far as it can run, and what is wrong with the rest.
    pub fn check(&self) -> (Scenario, Vec<Problem>) {
        let mut problems = Vec::new();
        let sectioning = self.sectioning.check().map(Pattern::Sectioning);
        let voting = self.voting.check().map(Pattern::Voting);
        let map_reduce = self.map_reduce.check().map(Pattern::MapReduce);
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
        let scenario = Scenario {
            seed: self.seed,
            limits: Limits {
                requests: requests.filter(|_| asks_first),
                tokens: tokens.filter(|_| asks_first),
                ..Limits::concurrent(at_least_one(self.limits.concurrency))
            },
            retry: RetryPolicy { max_attempts: self.limits.attempts.max(1), ..RetryPolicy::STANDARD },
            timeouts: Timeouts::STREAMED,
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

    /// The limits of the endpoint as the draft states them.
    pub fn rates(&self) -> (Option<RequestRate>, Option<Rate>) {
        let requests = self
            .limits
            .requests_per_minute
            .and_then(NonZeroU32::new)
            .map(|per_minute| Rate { per_minute, burst: at_least_one(self.limits.burst) })
            .map(RequestRate::Bucket);
        let tokens = self.limits.tokens_per_minute.and_then(NonZeroU32::new).map(Rate::tokens);
        (requests, tokens)
    }
}

impl SectioningDraft {
    fn check(&self) -> Result<Sectioning, Vec<String>> {
        let mut wrong = Vec::new();
        if self.sections.is_empty() {
            wrong.push("There is no section to write. Add one under “Edit”.".to_string());
        }
        for (i, section) in self.sections.iter().enumerate() {
            if section.name.trim().is_empty() {
                wrong.push(format!("Section {} has no name. Give it one, or remove it.", i + 1));
            }
        }
        wrong.extend(repeated(self.sections.iter().map(|section| section.name.trim())).into_iter().map(
            |name| {
                format!("Two sections are called “{name}”. Rename one, so that a missing one can be named.")
            },
        ));
        wrong.extend(lacks_variable("synthesis prompt", &self.synthesis_prompt, "results"));
        wrong.extend(lacks_variable("section prompt", &self.section_prompt, "section"));
        wrong.extend(too_many(self.sections.len() + 1));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Sectioning {
            topic: self.topic.trim().into(),
            sections: self
                .sections
                .iter()
                .map(|section| Section {
                    name: section.name.trim().into(),
                    brief: section.brief.trim().into(),
                    after: Vec::new(),
                })
                .collect(),
            manner: Manner::default(),
            section_prompt: self.section_prompt.clone(),
            synthesis_prompt: self.synthesis_prompt.clone(),
            section_max_tokens: self.section_max_tokens.max(1),
            synthesis_max_tokens: self.synthesis_max_tokens.max(1),
        })
    }
}

impl VotingDraft {
    fn check(&self) -> Result<Voting, Vec<String>> {
        let mut wrong = Vec::new();
        if self.question.trim().is_empty() {
            wrong.push("There is no question to vote on. Write one under “Edit”.".to_string());
        }
        if self.votes == 0 {
            wrong.push("There are 0 voters. Set Votes to 1 or more.".to_string());
        }
        if self.votes > MOST_VOTES {
            wrong.push(format!("{} voters are more than {MOST_VOTES}. Set Votes lower.", self.votes));
        }
        let options: Vec<String> = self
            .options
            .iter()
            .map(|option| option.trim().to_string())
            .filter(|option| !option.is_empty())
            .collect();
        wrong.extend(
            repeated(options.iter().map(String::as_str))
                .into_iter()
                .map(|option| format!("The answer “{option}” is there twice. Remove one.")),
        );
        wrong.extend(lacks_variable("voting prompt", &self.prompt, "question"));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Voting {
            question: self.question.trim().into(),
            correct: self
                .correct
                .and_then(|index| self.options.get(index as usize))
                .and_then(|right| options.iter().position(|option| option == right.trim())),
            options: options.into(),
            votes: self.votes,
            reading: Reading::default(),
            rule: Rule::Plurality,
            stop: StopRule::None,
            judge_prompt: None,
            manner: Manner::default(),
            prompt: self.prompt.clone(),
            max_tokens: self.max_tokens.max(1),
        })
    }
}

impl MapReduceDraft {
    fn check(&self) -> Result<MapReduce, Vec<String>> {
        let mut wrong = Vec::new();
        if self.documents.is_empty() {
            wrong.push("There is no document to summarise. Add one under “Edit”.".to_string());
        }
        for (i, document) in self.documents.iter().enumerate() {
            let name = match document.id.trim() {
                "" => format!("Document {}", i + 1),
                id => format!("Document “{id}”"),
            };
            if document.id.trim().is_empty() {
                wrong.push(format!("{name} has no id. Give it one."));
            }
            if document.text.trim().is_empty() {
                wrong.push(format!("{name} is empty. Write something into it, or remove it."));
            }
        }
        wrong.extend(
            repeated(self.documents.iter().map(|document| document.id.trim()))
                .into_iter()
                .map(|id| format!("Two documents have the id “{id}”. Rename one.")),
        );
        if self.fan_in < 2 {
            wrong.push("Fan-in is below 2. A reduce call combines at least two results.".to_string());
        }
        wrong.extend(lacks_variable("map prompt", &self.map_prompt, "document"));
        wrong.extend(lacks_variable("reduce prompt", &self.reduce_prompt, "results"));
        wrong.extend(too_many(self.documents.len() * 2));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(MapReduce {
            documents: self
                .documents
                .iter()
                .map(|document| Document::new(document.id.trim(), document.text.as_str()))
                .collect(),
            combine: Combine::Tree,
            fan_in: self.fan_in,
            longest_first: false,
            manner: Manner::default(),
            refine_prompt: Prompt::default(),
            map_prompt: self.map_prompt.clone(),
            reduce_prompt: self.reduce_prompt.clone(),
            map_max_tokens: self.map_max_tokens.max(1),
            reduce_max_tokens: self.reduce_max_tokens.max(1),
        })
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

fn too_many(n_calls: usize) -> Option<String> {
    (n_calls > MOST_CALLS).then(|| format!("{n_calls} calls are more than {MOST_CALLS}. Use fewer inputs."))
}
