//! Map-reduce: one summary per document, combined step by step.
//!
//! Invariant: every document is either inside the outcome or named as missing, never both; a result
//! goes into one other and is held until that is over.

pub mod preflight;
mod prompts;
mod refine;
mod shape;
mod work;

use std::sync::Arc;

use self::work::Work;
use super::{Coverage, Merged, Outcome, Planned, Role};
use crate::engine::batch::Manner;
use crate::engine::call::{Prompt, Reply};
use crate::engine::run::arm::Arm;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapReduce {
    pub documents: Vec<Document>,
    pub combine: Combine,
    /// How many results one reduce call combines, at least two.
    pub fan_in: u32,
    /// The longest documents go first, so that none of them is left over at the end.
    pub longest_first: bool,
    /// Variables: `{id}`, `{document}`.
    pub map_prompt: Prompt,
    /// Variable: `{results}`.
    pub reduce_prompt: Prompt,
    /// Variables: `{results}`, `{id}`, `{document}`.
    pub refine_prompt: Prompt,
    pub map_max_tokens: u32,
    pub reduce_max_tokens: u32,
    pub manner: Manner,
}

/// How many become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Combine {
    /// Level by level, neighbours with neighbours.
    #[default]
    Tree,
    /// Whatever is there as soon as there is enough of it: what was combined is let go.
    Fold,
    /// One document after the other: each call improves what the one before it made.
    Refine,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    id: Arc<str>,
    text: Arc<str>,
    n_words: u64,
}

impl Document {
    pub fn new(id: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        Document { id: id.into(), n_words: count_words(&text), text }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Words as `wc -w` counts them: runs of characters between white space.
pub fn count_words(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

impl MapReduce {
    pub fn n_calls(&self) -> u32 {
        self.n_documents() + self.n_reduces()
    }

    pub fn plan(&self) -> Vec<Planned> {
        let mut plan: Vec<Planned> = self
            .documents
            .iter()
            .map(|document| Planned {
                key: format!("document-{}", document.id),
                label: document.id.to_string(),
                role: Role::Worker,
                feeds: None,
                needs: Vec::new(),
            })
            .collect();
        let n_documents = self.n_documents();
        let mut reduce = |level: u32, position: u32| {
            plan.push(Planned {
                key: format!("reduce-{level}-{position}"),
                label: format!("reduce {level}-{position}"),
                role: Role::Aggregator,
                feeds: None,
                needs: Vec::new(),
            });
        };
        match self.combine {
            Combine::Tree => {
                let nodes = self.tree();
                nodes.iter().for_each(|node| reduce(node.level, node.position));
                for (i, node) in nodes.iter().enumerate() {
                    for child in &node.children {
                        if let Some(planned) = plan.get_mut(*child as usize) {
                            planned.feeds = Some(n_documents + i as u32);
                        }
                    }
                }
            }
            Combine::Fold => (1..=self.n_reduces()).for_each(|position| reduce(1, position)),
            Combine::Refine => {
                for (i, planned) in plan.iter_mut().enumerate() {
                    planned.feeds = Some(i as u32 + 1).filter(|next| *next < n_documents);
                }
            }
        }
        plan
    }

    pub async fn run(&self, arm: &Arm, seed: u64) -> Outcome {
        match self.combine {
            Combine::Refine => refine::run(self, arm, seed).await,
            Combine::Tree | Combine::Fold => Work::new(self, arm, seed).run().await,
        }
    }

    fn n_documents(&self) -> u32 {
        self.documents.len() as u32
    }

    fn fan_in(&self) -> u32 {
        self.fan_in.max(2)
    }

    fn words_of(&self, item: u32) -> u64 {
        self.documents.get(item as usize).map_or(0, |document| document.n_words)
    }

    /// The outcome that has these documents inside, and those missing.
    fn merged(&self, reply: Arc<Reply>, passed: Passed) -> Outcome {
        let Passed { mut documents, mut missing, words, .. } = passed;
        documents.sort_unstable();
        missing.sort_unstable();
        let names = |items: &[u32]| self.ids(items).cloned().collect();
        let coverage = Coverage { used: names(&documents), missing: names(&missing) };
        Outcome::Merged(Merged { reply, coverage, words: Some(words) })
    }
}

/// What a call passes on.
#[derive(Debug, Default)]
struct Passed {
    /// None where the call failed.
    reply: Option<Arc<Reply>>,
    /// The documents inside, where it is not one itself, and those that should be.
    documents: Vec<u32>,
    missing: Vec<u32>,
    words: u64,
}
