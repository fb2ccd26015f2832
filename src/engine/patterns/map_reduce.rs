//! Map-reduce: one summary per document, combined in a tree.

use std::sync::Arc;

use futures::future::LocalBoxFuture;
use futures::stream::{FuturesOrdered, StreamExt};

use super::{
    Coverage, Merged, Outcome, Planned, Role, aggregator_draws, no_outcome, nothing, part, results_text,
};
use crate::engine::call::{Part, Prompt, Reply, Request, Task, estimate_tokens};
use crate::engine::draw::DrawKey;
use crate::engine::retry::GaveUp;
use crate::engine::run::{Arm, Failed};

#[derive(Clone, Debug, PartialEq)]
pub struct MapReduce {
    pub documents: Vec<Document>,
    /// How many results one reduce call combines, at least two.
    pub fan_in: u32,
    /// Variables: `{id}`, `{document}`.
    pub map_prompt: Prompt,
    /// Variable: `{results}`.
    pub reduce_prompt: Prompt,
    pub map_max_tokens: u32,
    pub reduce_max_tokens: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: Arc<str>,
    pub text: Arc<str>,
}

/// Words as `wc -w` counts them: runs of characters between white space.
pub fn count_words(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

/// A node of the reduce tree. Its children are numbers of calls: documents first, then nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    level: u32,
    /// Position in its level, from 1.
    position: u32,
    children: Vec<u32>,
}

/// What a call of the tree passes on.
struct Passed {
    /// The name and text its parent reads; none where the call failed.
    result: Result<(Part, Arc<Reply>), Failed>,
    /// Whether any document below brought a result, also where it was lost on the way up.
    arrived: bool,
    coverage: Coverage,
    words: u64,
}

impl MapReduce {
    pub fn plan(&self) -> Vec<Planned> {
        let nodes = self.tree();
        let n_documents = self.documents.len() as u32;
        let mut feeds = vec![None; self.documents.len() + nodes.len()];
        for (i, node) in nodes.iter().enumerate() {
            for child in &node.children {
                if let Some(slot) = feeds.get_mut(*child as usize) {
                    *slot = Some(n_documents + i as u32);
                }
            }
        }
        let maps = self
            .documents
            .iter()
            .map(|document| (format!("document-{}", document.id), document.id.to_string(), Role::Worker));
        let reduces = nodes.iter().map(|node| {
            let key = format!("reduce-{}-{}", node.level, node.position);
            (key.clone(), key.replacen('-', " ", 1), Role::Aggregator)
        });
        maps.chain(reduces)
            .zip(feeds)
            .map(|((key, label, role), feeds)| Planned { key, label, role, feeds })
            .collect()
    }

    pub async fn run(&self, arm: &Arm, seed: u64) -> Outcome {
        let nodes = self.tree();
        let root = match nodes.len() {
            0 => 0,
            n => (self.documents.len() + n - 1) as u32,
        };
        let passed = self.call(arm, seed, &nodes, root).await;
        match passed.result {
            Ok((_, reply)) => {
                Outcome::Merged(Merged { reply, coverage: passed.coverage, words: Some(passed.words) })
            }
            Err(failed) if !passed.arrived => nothing([Err(failed)].iter()),
            Err(failed) => no_outcome(failed),
        }
    }

    /// The calls above the documents, level by level. A result that would stand alone in its
    /// group goes up a level as it is: there is nothing to combine it with.
    fn tree(&self) -> Vec<Node> {
        let fan_in = self.fan_in.max(2) as usize;
        let mut nodes = Vec::new();
        let mut below: Vec<u32> = (0..self.documents.len() as u32).collect();
        let mut level = 0;
        while below.len() > 1 {
            level += 1;
            let mut above = Vec::with_capacity(below.len().div_ceil(fan_in));
            let mut position = 0;
            for group in below.chunks(fan_in) {
                if let [alone] = group {
                    above.push(*alone);
                    continue;
                }
                position += 1;
                above.push((self.documents.len() + nodes.len()) as u32);
                nodes.push(Node { level, position, children: group.to_vec() });
            }
            below = above;
        }
        nodes
    }

    fn call<'a>(
        &'a self,
        arm: &'a Arm,
        seed: u64,
        nodes: &'a [Node],
        item: u32,
    ) -> LocalBoxFuture<'a, Passed> {
        Box::pin(async move {
            if let Some(document) = self.documents.get(item as usize) {
                return self.map(arm, seed, document, item).await;
            }
            let Some(node) = nodes.get(item as usize - self.documents.len()) else {
                return Passed {
                    result: Err(NOTHING),
                    arrived: false,
                    coverage: Coverage::default(),
                    words: 0,
                };
            };
            // As `join_all`, which below 31 futures polls all of them for each that wakes: in a tree,
            // the whole tree.
            let children = node.children.iter().map(|child| self.call(arm, seed, nodes, *child));
            let below = children.collect::<FuturesOrdered<_>>().collect().await;
            self.reduce(arm, seed, node, item, below).await
        })
    }

    async fn map(&self, arm: &Arm, seed: u64, document: &Document, item: u32) -> Passed {
        let prompt = self.map_prompt.fill(&[("id", &document.id), ("document", &document.text)]);
        let request = Request {
            draws: DrawKey { seed, item, call: 0 },
            input_tokens: estimate_tokens(&prompt.system) + estimate_tokens(&prompt.user),
            prompt,
            task: Task::Summary { document: document.text.clone() },
            max_tokens: self.map_max_tokens,
        };
        let id = document.id.to_string();
        match arm.call(item, request).await {
            Ok(reply) => Passed {
                result: Ok((part(&document.id, &reply), reply)),
                arrived: true,
                coverage: Coverage { used: vec![id], missing: Vec::new() },
                words: count_words(&document.text),
            },
            Err(failed) => Passed {
                result: Err(failed),
                arrived: false,
                coverage: Coverage { used: Vec::new(), missing: vec![id] },
                words: 0,
            },
        }
    }

    async fn reduce(&self, arm: &Arm, seed: u64, node: &Node, item: u32, below: Vec<Passed>) -> Passed {
        let mut coverage = Coverage::default();
        let mut words = 0;
        let mut parts = Vec::new();
        let mut failure = (NOTHING, (false, false));
        let arrived = below.iter().any(|child| child.arrived);
        for child in below {
            match child.result {
                Ok((part, _)) => {
                    coverage.used.extend(child.coverage.used);
                    coverage.missing.extend(child.coverage.missing);
                    words += child.words;
                    parts.push(part);
                }
                Err(failed) => {
                    // What reached a reduce call that failed is lost with it.
                    coverage.missing.extend(child.coverage.used);
                    coverage.missing.extend(child.coverage.missing);
                    // A stop, or a failure after something had arrived, says more than the others.
                    let says = (failed.gave_up == GaveUp::Cancelled, child.arrived);
                    if says >= failure.1 {
                        failure = (failed, says);
                    }
                }
            }
        }
        if parts.is_empty() {
            arm.skip(item);
            return Passed { result: Err(failure.0), arrived, coverage, words: 0 };
        }
        let results = format!(
            "{} documents, {words} words in all.\n\n{}",
            coverage.used.len(),
            results_text(&parts, &coverage.missing)
        );
        let prompt = self.reduce_prompt.fill(&[("results", &results)]);
        let request = Request {
            draws: aggregator_draws(seed, node.level, node.position),
            input_tokens: estimate_tokens(&prompt.system) + estimate_tokens(&prompt.user),
            prompt,
            task: Task::Reduce { parts: parts.into() },
            max_tokens: self.reduce_max_tokens,
        };
        let result = arm.call(item, request).await;
        // The next level reads by name which documents are inside.
        let name = coverage.used.join(", ");
        Passed { result: result.map(|reply| (part(&name, &reply), reply)), arrived, coverage, words }
    }
}

/// Stands for a failure where no call was made.
const NOTHING: Failed = Failed { gave_up: GaveUp::Final, error: None };
