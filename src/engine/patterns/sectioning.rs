//! Sectioning: independent parts of one task, then a synthesis.

use std::sync::Arc;

use super::{
    Coverage, Merged, Outcome, Planned, Role, aggregator_draws, no_outcome, nothing_to_aggregate, part,
    request, results_text,
};
use crate::engine::batch::{Batch, Entry, Flow, Gathered, Manner, gather};
use crate::engine::call::{Part, Prompt, Reply, Request, Task};
use crate::engine::draw::DrawKey;
use crate::engine::run::arm::Arm;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sectioning {
    pub topic: Arc<str>,
    pub sections: Vec<Section>,
    /// Variables: `{topic}`, `{section}`, and `{after}` for the results a section waits for.
    pub section_prompt: Prompt,
    /// Variables: `{topic}`, `{results}`.
    pub synthesis_prompt: Prompt,
    pub section_max_tokens: u32,
    pub synthesis_max_tokens: u32,
    pub manner: Manner,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    pub name: Arc<str>,
    /// What it covers; may be empty.
    pub brief: Arc<str>,
    /// Sections, by number, whose results it needs. They do not need each other in a circle.
    pub after: Vec<u32>,
}

impl Section {
    /// What stands for it in a prompt.
    fn named(&self) -> String {
        match self.brief.is_empty() {
            true => self.name.to_string(),
            false => format!("{}: {}", self.name, self.brief),
        }
    }
}

impl Sectioning {
    pub fn n_calls(&self) -> u32 {
        self.sections.len() as u32 + 1
    }

    pub fn plan(&self) -> Vec<Planned> {
        let synthesis = self.sections.len() as u32;
        let sections = self.sections.iter().enumerate().map(|(i, section)| Planned {
            key: format!("section-{}", i + 1),
            label: section.name.to_string(),
            role: Role::Worker,
            feeds: Some(synthesis),
            needs: section.after.clone(),
        });
        let merge = Planned {
            key: "synthesis".to_string(),
            label: "synthesis".to_string(),
            role: Role::Aggregator,
            feeds: None,
            needs: Vec::new(),
        };
        sections.chain([merge]).collect()
    }

    pub async fn run(&self, arm: &Arm, seed: u64) -> Outcome {
        let n = self.sections.len() as u32;
        let mut replies: Vec<Option<Arc<Reply>>> = vec![None; self.sections.len()];
        let gathered = if self.sections.iter().all(|section| section.after.is_empty()) {
            let mut ask = |item| self.section_request(item, seed, &[]);
            let mut keep = |item: u32, result: Result<Arc<Reply>, _>| {
                if let (Some(slot), Ok(reply)) = (replies.get_mut(item as usize), result) {
                    *slot = Some(reply);
                }
                Flow::GoOn
            };
            gather(arm, n, self.manner, &mut ask, &mut keep).await
        } else {
            self.in_waves(arm, seed, &mut replies).await
        };

        let mut coverage = Coverage::default();
        let mut parts = Vec::new();
        for (section, reply) in self.sections.iter().zip(&replies) {
            match reply {
                Some(reply) => {
                    coverage.used.push(section.name.clone());
                    parts.push(part(&section.name, reply));
                }
                None => coverage.missing.push(section.name.clone()),
            }
        }
        if let Some(outcome) = nothing_to_aggregate(gathered, parts.len()) {
            return outcome;
        }
        for item in (0..n).filter(|item| matches!(replies.get(*item as usize), Some(Some(_)))) {
            arm.used(item, n);
        }
        let results = results_text(&parts, coverage.missing.iter());
        match arm.call(n, self.synthesis_of(parts, &results, seed)).await.result {
            Ok(reply) => Outcome::Merged(Merged { reply, coverage, words: None }),
            Err(failed) => no_outcome(failed),
        }
    }

    /// The call that makes one text of these parts.
    pub fn synthesis(&self, parts: Vec<Part>, seed: u64) -> Request {
        let results = results_text(&parts, [].into_iter());
        self.synthesis_of(parts, &results, seed)
    }

    fn synthesis_of(&self, parts: Vec<Part>, results: &str, seed: u64) -> Request {
        let prompt = self.synthesis_prompt.fill(&[("topic", &self.topic), ("results", results)]);
        let task = Task::Synthesis { topic: self.topic.clone(), parts: parts.into() };
        request(aggregator_draws(seed, 0, 0), prompt, task, self.synthesis_max_tokens)
    }

    /// The whole task as one call.
    pub fn whole(&self, seed: u64) -> Request {
        let parts: Vec<Part> = self
            .sections
            .iter()
            .map(|section| Part { name: section.name.to_string(), text: section.brief.to_string() })
            .collect();
        let mut user = self.topic.to_string();
        user.push_str("\n\nCover all of this in one text:\n\n");
        user.push_str(&results_text(&parts, [].into_iter()));
        let prompt = Prompt { system: self.synthesis_prompt.system.clone(), user };
        let task = Task::Synthesis { topic: self.topic.clone(), parts: parts.into() };
        request(aggregator_draws(seed, u32::MAX, 0), prompt, task, self.synthesis_max_tokens)
    }

    /// Runs sections that wait for others. Each begins as soon as those it needs are over; where one
    /// of them brought nothing, it is told so by name.
    async fn in_waves(&self, arm: &Arm, seed: u64, replies: &mut [Option<Arc<Reply>>]) -> Gathered {
        let n = self.sections.len();
        let mut over = vec![false; n];
        let mut begun = vec![false; n];
        let mut batch = Batch::new(arm, n as u32, self.manner.policy, Entry::All);
        loop {
            if let Some(gathered) = batch.leave_if_settled().await {
                return gathered;
            }
            for (i, section) in self.sections.iter().enumerate() {
                let is_over = |needed: &u32| over.get(*needed as usize).copied().unwrap_or(true);
                if begun.get(i) == Some(&false) && section.after.iter().all(is_over) {
                    if let Some(begun) = begun.get_mut(i) {
                        *begun = true;
                    }
                    for needed in &section.after {
                        arm.used(*needed, i as u32);
                    }
                    batch.add(i as u32, self.section_request(i as u32, seed, replies));
                }
            }
            let Some(mut last) = batch.next().await else { return batch.gathered() };
            loop {
                if let Some(over) = over.get_mut(last.item as usize) {
                    *over = true;
                }
                if let (Some(slot), Ok(reply)) = (replies.get_mut(last.item as usize), last.result) {
                    *slot = Some(reply);
                }
                match batch.next_now() {
                    Some(more) => last = more,
                    None => break,
                }
            }
        }
    }

    fn section_request(&self, item: u32, seed: u64, replies: &[Option<Arc<Reply>>]) -> Request {
        let nothing = Section::default();
        let section = self.sections.get(item as usize).unwrap_or(&nothing);
        let after = self.earlier_results(section, replies);
        let values = [("topic", &*self.topic), ("section", &section.named()), ("after", &after)];
        let mut prompt = self.section_prompt.fill(&values);
        let has_place = [&self.section_prompt.system, &self.section_prompt.user]
            .iter()
            .any(|template| template.contains("{after}"));
        if !after.is_empty() && !has_place {
            prompt.user.push_str("\n\nIt builds on this:\n\n");
            prompt.user.push_str(&after);
        }
        let task = Task::Section { name: section.name.clone(), brief: section.brief.clone() };
        request(DrawKey { seed, item, call: 0 }, prompt, task, self.section_max_tokens)
    }

    /// The section that a prompt asks for, where it is one of these.
    pub fn asked_in(&self, prompt: &Prompt) -> Option<&Section> {
        // What comes of earlier sections stands where nobody can tell it from the prompt.
        let before_results = |text: &str| text.split("{after}").next().unwrap_or_default().len();
        let fits = |section: &&Section| {
            let asks = self.section_prompt.fill(&[("topic", &*self.topic), ("section", &section.named())]);
            let n_system = before_results(&asks.system);
            let n_user = before_results(&asks.user);
            prompt.system.starts_with(&asks.system[..n_system])
                && prompt.user.starts_with(&asks.user[..n_user])
        };
        // Of two names that begin alike the longer one.
        self.sections.iter().filter(fits).max_by_key(|section| section.named().len())
    }

    /// The results a section waits for, and by name which of them are missing.
    fn earlier_results(&self, section: &Section, replies: &[Option<Arc<Reply>>]) -> String {
        let mut parts = Vec::new();
        let mut missing = Vec::new();
        for needed in &section.after {
            let Some(earlier) = self.sections.get(*needed as usize) else { continue };
            match replies.get(*needed as usize) {
                Some(Some(reply)) => parts.push(part(&earlier.name, reply)),
                _ => missing.push(&earlier.name),
            }
        }
        results_text(&parts, missing.into_iter())
    }
}
