//! From a draft to a scenario that can run, and a sentence for everything that keeps it from that.

use std::num::NonZeroU32;
use std::sync::Arc;

use super::dial::{Dial, Dials};
use super::draft::{Admission, DocumentDraft, Draft, MapReduceDraft, SectioningDraft, VotingDraft};
use super::{ArmKind, Limiters, Problem, Scenario};
use crate::engine::batch::{Delivery, Entry, Manner};
use crate::engine::call::Prompt;
use crate::engine::clock::{MS, SECOND};
use crate::engine::failure::FailurePolicy;
use crate::engine::limiter::adaptive::Adaptive;
use crate::engine::limiter::bucket::Rate;
use crate::engine::limiter::core::{AfterPause, Limits};
use crate::engine::limiter::requests::RequestRate;
use crate::engine::patterns::Pattern;
use crate::engine::patterns::map_reduce::{Combine, Document, MapReduce};
use crate::engine::patterns::sectioning::{Section, Sectioning};
use crate::engine::patterns::split::{Split, Unit, split};
use crate::engine::patterns::voting::Voting;
use crate::engine::patterns::voting::reading::Reading;
use crate::engine::patterns::voting::rule::Rule;
use crate::engine::patterns::voting::stop::StopRule;
use crate::engine::retry::{Jitter, RetryPolicy};
use crate::engine::timeouts::Timeouts;
use crate::providers::simulated::Simulation;
use crate::providers::simulated::answers::Opinion;

/// The most sections a topic may have.
const MOST_SECTIONS: usize = 10_000;

/// The most calls map-reduce may make.
const MOST_CALLS: usize = 250_000;

/// Billionths of a dollar in a tenth of a cent.
const NANO_USD_A_MILL: u64 = 1_000_000;

/// The most voters one question may have.
pub const MOST_VOTES: u32 = 101;

impl Draft {
    /// The scenario as far as it can run, and what is wrong with the rest.
    pub fn check(&self) -> (Scenario, Vec<Problem>) {
        let mut problems = Vec::new();
        let manner = self.manner();
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
                adaptive: dials.is_on(Dial::Adaptive).then_some(Adaptive::STANDARD),
                after_pause: match dials.is_on(Dial::AfterPause) {
                    true => AfterPause::Probe,
                    false => AfterPause::All,
                },
                ..Limits::concurrent(at_least_one(self.limits.concurrency))
            },
            budget_nano_usd: dials.get(Dial::Budget).map(|mills| u64::from(mills) * NANO_USD_A_MILL),
            retry: RetryPolicy {
                max_attempts: self.limits.attempts.max(1),
                max_refusals: dials.count(Dial::Refusals),
                base_us: u64::from(dials.count(Dial::BackoffBase)) * MS,
                cap_us: u64::from(dials.count(Dial::BackoffCap)) * MS,
                jitter: match dials.count(Dial::Jitter) {
                    0 => Jitter::Equal,
                    1 => Jitter::Full,
                    2 => Jitter::Quarter,
                    _ => Jitter::None,
                },
                budgeted: dials.is_on(Dial::RetryBudget),
            },
            timeouts: self.timeouts(),
            limiters: match dials.count(Dial::Limiters) {
                0 => Limiters::Auto,
                1 => Limiters::Shared,
                _ => Limiters::Own,
            },
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

    fn manner(&self) -> Manner {
        let count = self.dials.count(Dial::FailureCount);
        let size = at_least_one(self.dials.count(Dial::EntrySize));
        Manner {
            policy: match self.dials.count(Dial::OnFailure) {
                0 => FailurePolicy::Collect,
                1 => FailurePolicy::Gather,
                2 => FailurePolicy::TaskGroup,
                3 => FailurePolicy::FailFast,
                4 => FailurePolicy::Threshold(count),
                _ => FailurePolicy::Quorum(count),
            },
            entry: match self.dials.count(Dial::Entry) {
                0 => Entry::All,
                1 => Entry::Window(size),
                _ => Entry::Chunks(size),
            },
            delivery: match self.dials.count(Dial::Delivery) {
                0 => Delivery::Together,
                1 => Delivery::Completion,
                _ => Delivery::Input,
            },
        }
    }

    fn timeouts(&self) -> Timeouts {
        let after_us = |dial| self.dials.get(dial).map(|seconds| u64::from(seconds) * SECOND);
        Timeouts {
            attempt_us: after_us(Dial::AttemptTimeout),
            first_token_us: after_us(Dial::FirstTokenTimeout),
            idle_us: after_us(Dial::IdleTimeout),
            queue_us: after_us(Dial::QueueTimeout),
            call_us: after_us(Dial::CallTimeout),
            run_us: after_us(Dial::RunTimeout),
        }
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

impl SectioningDraft {
    fn check(&self, manner: Manner) -> Result<Sectioning, Vec<String>> {
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
        wrong.extend(self.wrong_dependencies());
        wrong.extend(lacks_variable("synthesis prompt", &self.synthesis_prompt, "results"));
        wrong.extend(lacks_variable("section prompt", &self.section_prompt, "section"));
        wrong.extend(too_many(self.sections.len() + 1, MOST_SECTIONS));
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
                    after: section.after.iter().filter_map(|name| self.number_of(name)).collect(),
                })
                .collect(),
            manner,
            section_prompt: self.section_prompt.clone(),
            synthesis_prompt: self.synthesis_prompt.clone(),
            section_max_tokens: self.section_max_tokens.max(1),
            synthesis_max_tokens: self.synthesis_max_tokens.max(1),
        })
    }

    fn number_of(&self, name: &str) -> Option<u32> {
        let name = Some(name.trim()).filter(|name| !name.is_empty())?;
        let place = self.sections.iter().position(|section| section.name.trim() == name);
        place.map(|place| place as u32)
    }

    /// Sections that wait for one there is not, or for each other in a circle.
    fn wrong_dependencies(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for section in &self.sections {
            let unknown = |name: &&String| !name.trim().is_empty() && self.number_of(name).is_none();
            for needed in section.after.iter().filter(unknown) {
                let name = section.name.trim();
                wrong.push(format!(
                    "“{name}” waits for “{needed}”, which is no section. Remove it under “after”."
                ));
            }
        }
        if let Some(circle) = self.circle() {
            let names: Vec<&str> = circle
                .iter()
                .filter_map(|number| self.sections.get(*number as usize))
                .map(|section| section.name.trim())
                .collect();
            wrong.push(format!(
                "Sections wait for each other in a circle: {}. Remove one “after” of these.",
                names.join(" → ")
            ));
        }
        wrong
    }

    /// Sections of which each waits for the next and the last is the first; none where there is no such.
    fn circle(&self) -> Option<Vec<u32>> {
        let needs = |number: u32| {
            let section = self.sections.get(number as usize);
            section.into_iter().flat_map(|section| &section.after).filter_map(|name| self.number_of(name))
        };
        // Sections from which no circle can be reached: those that need nobody, or only such.
        let mut free: Vec<bool> = self.sections.iter().map(|section| section.after.is_empty()).collect();
        let is_free = |free: &[bool], number: u32| free.get(number as usize).copied().unwrap_or(true);
        loop {
            let freed = |number: &u32| {
                !is_free(&free, *number) && needs(*number).all(|needed| is_free(&free, needed))
            };
            let Some(number) = (0..self.sections.len() as u32).find(freed) else { break };
            if let Some(slot) = free.get_mut(number as usize) {
                *slot = true;
            }
        }
        // Whoever is not free needs somebody who is not: the walk comes back to where it has been.
        let mut walk = vec![free.iter().position(|free| !free)? as u32];
        loop {
            let next = needs(*walk.last()?).find(|needed| !is_free(&free, *needed))?;
            if let Some(start) = walk.iter().position(|been| *been == next) {
                walk.push(next);
                return Some(walk.split_off(start));
            }
            walk.push(next);
        }
    }
}

impl VotingDraft {
    fn check(&self, manner: Manner, dials: &Dials) -> Result<Voting, Vec<String>> {
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
        if dials.is_on(Dial::Judge) {
            wrong.extend(lacks_variable("judge prompt", &self.judge_prompt, "candidates"));
        }
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
            reading: Reading {
                case: dials.is_on(Dial::ReadCase),
                punctuation: dials.is_on(Dial::ReadPunctuation),
                number: dials.is_on(Dial::ReadNumber),
                options: dials.is_on(Dial::ReadOptions),
            },
            rule: match dials.count(Dial::Rule) {
                0 => Rule::Plurality,
                1 => Rule::Majority,
                2 => Rule::Unanimity,
                3 => Rule::LogOdds,
                _ => Rule::Softmax,
            },
            stop: match dials.count(Dial::Stop) {
                0 => StopRule::None,
                1 => StopRule::Decided,
                2 => StopRule::Beta,
                3 => StopRule::Either,
                _ => StopRule::Esc { window: dials.count(Dial::StopWindow) },
            },
            judge_prompt: dials.is_on(Dial::Judge).then(|| self.judge_prompt.clone()),
            manner,
            prompt: self.prompt.clone(),
            max_tokens: self.max_tokens.max(1),
        })
    }
}

impl MapReduceDraft {
    fn check(&self, manner: Manner, dials: &Dials) -> Result<MapReduce, Vec<String>> {
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
        let combine = match dials.count(Dial::Combine) {
            0 => Combine::Tree,
            1 => Combine::Fold,
            _ => Combine::Refine,
        };
        wrong.extend(match combine {
            Combine::Refine => lacks_variable("refine prompt", &self.refine_prompt, "results")
                .or_else(|| lacks_variable("refine prompt", &self.refine_prompt, "document")),
            Combine::Tree | Combine::Fold => lacks_variable("reduce prompt", &self.reduce_prompt, "results"),
        });
        let documents = self.pieces(dials);
        let mut map_reduce = MapReduce {
            combine,
            fan_in: self.fan_in,
            longest_first: dials.is_on(Dial::LongestFirst),
            manner,
            map_prompt: self.map_prompt.clone(),
            reduce_prompt: self.reduce_prompt.clone(),
            refine_prompt: self.refine_prompt.clone(),
            map_max_tokens: self.map_max_tokens.max(1),
            reduce_max_tokens: self.reduce_max_tokens.max(1),
            documents,
        };
        wrong.extend(too_many(map_reduce.n_calls() as usize, MOST_CALLS));
        // Refining holds one summary and a document, whatever the fan-in.
        let context = dials.get(Dial::ContextTokens).filter(|_| combine != Combine::Refine);
        if let Some(context_tokens) = context {
            match map_reduce.preflight(context_tokens).fan_in {
                Some(fan_in) => map_reduce.fan_in = fan_in,
                None => wrong.push(format!(
                    "A context window of {context_tokens} tokens cannot hold two summaries of \
                     {} tokens, the reduce prompt and its answer. Allow shorter summaries, or a larger window.",
                    map_reduce.map_max_tokens
                )),
            }
        }
        if wrong.is_empty() { Ok(map_reduce) } else { Err(wrong) }
    }

    /// The documents, or their pieces where they are to be split.
    fn pieces(&self, dials: &Dials) -> Vec<Document> {
        let by = match dials.count(Dial::Split) {
            0 => {
                let whole =
                    |document: &DocumentDraft| Document::new(document.id.trim(), document.text.as_str());
                return self.documents.iter().map(whole).collect();
            }
            1 => Unit::Tokens,
            2 => Unit::Sentences,
            _ => Unit::Headings,
        };
        let mut pieces = Vec::new();
        for document in &self.documents {
            let id = document.id.trim();
            let texts = split(&document.text, Split { by, most_tokens: dials.count(Dial::SplitTokens) });
            match texts[..] {
                [whole] => pieces.push(Document::new(id, whole)),
                _ => pieces
                    .extend(texts.iter().zip(1..).map(|(text, n)| Document::new(format!("{id}.{n}"), *text))),
            }
        }
        pieces
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
