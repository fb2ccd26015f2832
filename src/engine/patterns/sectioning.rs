//! Sectioning: independent parts of one task, then a synthesis.

use std::sync::Arc;

use futures::future::join_all;

use super::{
    Coverage, Merged, Outcome, Planned, Role, aggregator_draws, no_outcome, nothing, part, results_text,
};
use crate::engine::call::{Prompt, Request, Task, estimate_tokens};
use crate::engine::draw::DrawKey;
use crate::engine::run::Arm;

#[derive(Clone, Debug, PartialEq)]
pub struct Sectioning {
    pub topic: Arc<str>,
    pub sections: Vec<Section>,
    /// Variables: `{topic}`, `{section}`.
    pub section_prompt: Prompt,
    /// Variables: `{topic}`, `{results}`.
    pub synthesis_prompt: Prompt,
    pub section_max_tokens: u32,
    pub synthesis_max_tokens: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub name: Arc<str>,
    /// What it covers; may be empty.
    pub brief: Arc<str>,
}

impl Sectioning {
    pub fn plan(&self) -> Vec<Planned> {
        let synthesis = self.sections.len() as u32;
        let sections = self.sections.iter().enumerate().map(|(i, section)| Planned {
            key: format!("section-{}", i + 1),
            label: section.name.to_string(),
            role: Role::Worker,
            feeds: Some(synthesis),
        });
        let merge = Planned {
            key: "synthesis".to_string(),
            label: "synthesis".to_string(),
            role: Role::Aggregator,
            feeds: None,
        };
        sections.chain([merge]).collect()
    }

    pub async fn run(&self, arm: &Arm, seed: u64) -> Outcome {
        let calls = self.sections.iter().enumerate().map(|(i, section)| {
            let item = i as u32;
            arm.call(item, self.section_request(section, DrawKey { seed, item, call: 0 }))
        });
        let results = join_all(calls).await;

        let mut coverage = Coverage::default();
        let mut parts = Vec::new();
        for (section, result) in self.sections.iter().zip(&results) {
            match result {
                Ok(reply) => {
                    coverage.used.push(section.name.to_string());
                    parts.push(part(&section.name, reply));
                }
                Err(_) => coverage.missing.push(section.name.to_string()),
            }
        }
        let synthesis = self.sections.len() as u32;
        if parts.is_empty() {
            arm.skip(synthesis);
            return nothing(results.iter());
        }
        let results = results_text(&parts, &coverage.missing);
        let prompt = self.synthesis_prompt.fill(&[("topic", &self.topic), ("results", &results)]);
        let request = Request {
            draws: aggregator_draws(seed, 0, 0),
            input_tokens: estimate_tokens(&prompt.system) + estimate_tokens(&prompt.user),
            prompt,
            task: Task::Synthesis { topic: self.topic.clone(), parts: parts.into() },
            max_tokens: self.synthesis_max_tokens,
        };
        match arm.call(synthesis, request).await {
            Ok(reply) => Outcome::Merged(Merged { reply, coverage, words: None }),
            Err(failed) => no_outcome(failed),
        }
    }

    fn section_request(&self, section: &Section, draws: DrawKey) -> Request {
        let named = match section.brief.is_empty() {
            true => section.name.to_string(),
            false => format!("{}: {}", section.name, section.brief),
        };
        let prompt = self.section_prompt.fill(&[("topic", &self.topic), ("section", &named)]);
        Request {
            draws,
            input_tokens: estimate_tokens(&prompt.system) + estimate_tokens(&prompt.user),
            prompt,
            task: Task::Section { name: section.name.clone(), brief: section.brief.clone() },
            max_tokens: self.section_max_tokens,
        }
    }
}
