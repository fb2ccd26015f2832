//! What each call is asked. Where a run has no texts only the length of a prompt is counted.

use std::sync::Arc;

use super::super::prompt::Measure;
use super::super::{MOST_NAMES, aggregator_draws, part, request, results_text};
use super::{Document, MapReduce, Passed};
use crate::engine::call::{Part, Prompt, Reply, Request, Task, tokens_in};
use crate::engine::draw::DrawKey;
use crate::engine::run::arm::Arm;

/// The requests of one run.
pub(super) struct Prompts<'a> {
    pattern: &'a MapReduce,
    seed: u64,
    has_texts: bool,
    map: [Measure; 2],
    reduce: [Measure; 2],
    no_parts: Arc<[Part]>,
}

/// What goes into a reduce call.
#[derive(Default)]
pub(super) struct Inputs {
    pub(super) n: usize,
    parts: Vec<Part>,
    tokens: u32,
}

impl<'a> Prompts<'a> {
    pub(super) fn new(pattern: &'a MapReduce, arm: &Arm, seed: u64) -> Self {
        let measured = |prompt: &Prompt, names: [&str; 2]| {
            [&prompt.system, &prompt.user].map(|template| Measure::of(template, names))
        };
        Prompts {
            pattern,
            seed,
            has_texts: arm.has_texts(),
            map: measured(&pattern.map_prompt, ["id", "document"]),
            reduce: measured(&pattern.reduce_prompt, ["results", ""]),
            no_parts: [].into(),
        }
    }

    pub(super) fn map(&self, item: u32) -> Request {
        let nothing = Document::default();
        let document = self.pattern.documents.get(item as usize).unwrap_or(&nothing);
        let (id, text) = (&document.id, &document.text);
        let (draws, max_tokens) = (DrawKey { seed: self.seed, item, call: 0 }, self.pattern.map_max_tokens);
        let task = Task::Summary { document: text.clone() };
        match self.has_texts {
            true => request(
                draws,
                self.pattern.map_prompt.fill(&[("id", id), ("document", text)]),
                task,
                max_tokens,
            ),
            false => unwritten(draws, &self.map, [id.len(), text.len()], task, max_tokens),
        }
    }

    /// Takes a result in, under the names of the documents inside.
    pub(super) fn add(&self, inputs: &mut Inputs, documents: &[u32], reply: &Reply) {
        inputs.n += 1;
        inputs.tokens = inputs.tokens.saturating_add(reply.usage.output_tokens);
        if self.has_texts {
            inputs.parts.push(part(&self.pattern.names(documents), reply));
        }
    }

    pub(super) fn reduce(&self, level: u32, position: u32, inputs: Inputs, passed: &Passed) -> Request {
        let draws = aggregator_draws(self.seed, level, position);
        let max_tokens = self.pattern.reduce_max_tokens;
        if !self.has_texts {
            return self.unwritten_reduce(draws, &inputs);
        }
        let results = format!(
            "{} documents, {} words in all.\n\n{}",
            passed.documents.len(),
            passed.words,
            results_text(&inputs.parts, self.pattern.ids(&passed.missing))
        );
        let prompt = self.pattern.reduce_prompt.fill(&[("results", &results)]);
        request(draws, prompt, Task::Reduce { parts: inputs.parts.into() }, max_tokens)
    }

    /// A call that improves the summary so far with what document `item` adds.
    pub(super) fn refine(&self, item: u32, reply: &Reply, passed: &Passed) -> Request {
        let draws = DrawKey { seed: self.seed, item, call: 0 };
        let mut inputs = Inputs::default();
        self.add(&mut inputs, &passed.documents, reply);
        let Some(document) = self.pattern.documents.get(item as usize).filter(|_| self.has_texts) else {
            return self.unwritten_reduce(draws, &inputs);
        };
        let results = results_text(&inputs.parts, self.pattern.ids(&passed.missing));
        let values = [("results", &*results), ("id", &document.id), ("document", &document.text)];
        let prompt = self.pattern.refine_prompt.fill(&values);
        inputs.parts.push(Part { name: document.id.to_string(), text: document.text.to_string() });
        let task = Task::Reduce { parts: inputs.parts.into() };
        request(draws, prompt, task, self.pattern.reduce_max_tokens)
    }

    fn unwritten_reduce(&self, draws: DrawKey, inputs: &Inputs) -> Request {
        // A heading for each input, and four bytes for each token.
        let results = 16 * inputs.n + 4 * inputs.tokens as usize;
        let task = Task::Reduce { parts: self.no_parts.clone() };
        unwritten(draws, &self.reduce, [results, 0], task, self.pattern.reduce_max_tokens)
    }
}

/// A request whose prompt would have this length.
fn unwritten(
    draws: DrawKey,
    prompt: &[Measure; 2],
    lengths: [usize; 2],
    task: Task,
    max_tokens: u32,
) -> Request {
    let input_tokens = prompt.iter().map(|measure| tokens_in(measure.filled(lengths))).sum();
    Request { draws, prompt: Prompt::default(), task, input_tokens, max_tokens }
}

impl MapReduce {
    /// The whole task as one call: every document in the prompt that combines.
    pub fn whole(&self, seed: u64) -> Request {
        let named =
            |document: &Document| Part { name: document.id.to_string(), text: document.text.to_string() };
        self.combination(self.documents.iter().map(named).collect(), seed)
    }

    /// The call that combines these parts.
    pub fn combination(&self, parts: Vec<Part>, seed: u64) -> Request {
        let prompt = self.reduce_prompt.fill(&[("results", &results_text(&parts, [].into_iter()))]);
        let task = Task::Reduce { parts: parts.into() };
        request(aggregator_draws(seed, u32::MAX, 0), prompt, task, self.reduce_max_tokens)
    }

    /// The ids of documents, which are items of this pattern.
    pub(super) fn ids<'a>(&'a self, items: &'a [u32]) -> impl ExactSizeIterator<Item = &'a Arc<str>> + 'a {
        items.iter().map(|item| &self.documents[*item as usize].id)
    }

    /// What a result is called in the prompt of the next level: the documents inside, by name.
    fn names(&self, items: &[u32]) -> String {
        let names: Vec<&str> = self.ids(items).take(MOST_NAMES).map(|id| &**id).collect();
        let mut names = names.join(", ");
        if items.len() > MOST_NAMES {
            names.push_str(&format!(" and {} more", items.len() - MOST_NAMES));
        }
        names
    }
}
