//! Map-reduce: one summary per document, combined step by step.

use std::collections::VecDeque;
use std::sync::Arc;

use super::prompt::Measure;
use super::{
    Coverage, MOST_NAMES, Merged, NoOutcome, Outcome, Planned, Role, aggregator_draws, no_outcome,
    nothing_to_aggregate, part, request, results_text,
};
use crate::engine::batch::{Batch, Delivery, Entry, Manner};
use crate::engine::call::{Part, Prompt, Reply, Request, Task, estimate_tokens, tokens_in};
use crate::engine::draw::DrawKey;
use crate::engine::retry::GaveUp;
use crate::engine::run::call::Over;
use crate::engine::run::{Arm, CallResult, Failed};

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

/// What a look ahead says about a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preflight {
    /// What all summaries may be together.
    pub map_tokens: u64,
    /// How many results a reduce call can hold; none where not even two.
    pub fan_in: Option<u32>,
    pub levels: u32,
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
        let mut work = Work::new(self, arm, seed);
        match self.combine {
            Combine::Refine => work.refine().await,
            Combine::Tree | Combine::Fold => work.map_and_reduce().await,
        }
    }

    /// The whole task as one call: every document in the prompt that combines.
    pub fn whole(&self, seed: u64) -> Request {
        let parts: Vec<Part> = self
            .documents
            .iter()
            .map(|document| Part { name: document.id.to_string(), text: document.text.to_string() })
            .collect();
        let results = results_text(&parts, [].into_iter());
        let prompt = self.reduce_prompt.fill(&[("results", &results)]);
        let task = Task::Reduce { parts: parts.into() };
        request(aggregator_draws(seed, u32::MAX, 0), prompt, task, self.reduce_max_tokens)
    }

    /// What fits into a context window of so many tokens: the fan-in that takes the fewest levels.
    pub fn preflight(&self, context_tokens: u32) -> Preflight {
        let overhead: u32 = [&self.reduce_prompt.system, &self.reduce_prompt.user]
            .map(|template| estimate_tokens(template))
            .iter()
            .sum();
        // The heading of each result, and the line that counts them.
        const HEADING_TOKENS: u32 = 16;
        let result_tokens = self.map_max_tokens.max(self.reduce_max_tokens).saturating_add(HEADING_TOKENS);
        let n = self.n_documents();
        let room =
            context_tokens.saturating_sub(overhead + HEADING_TOKENS).saturating_sub(self.reduce_max_tokens);
        let most = room / result_tokens;
        let fan_in = (most >= 2).then_some(most.min(n.max(2)));
        let mut levels = 0;
        let mut below = n;
        while let (Some(fan_in), true) = (fan_in, below > 1) {
            below = below.div_ceil(fan_in);
            levels += 1;
        }
        Preflight { map_tokens: u64::from(n) * u64::from(self.map_max_tokens), fan_in, levels }
    }

    fn n_documents(&self) -> u32 {
        self.documents.len() as u32
    }

    fn fan_in(&self) -> u32 {
        self.fan_in.max(2)
    }

    /// The most reduce calls it can take.
    fn n_reduces(&self) -> u32 {
        let n = self.n_documents();
        match self.combine {
            Combine::Refine => 0,
            Combine::Tree => {
                let (mut below, mut n_reduces) = (n, 0);
                while below > 1 {
                    let alone = u32::from(below % self.fan_in() == 1);
                    let above = below.div_ceil(self.fan_in());
                    n_reduces += above - alone;
                    below = above;
                }
                n_reduces
            }
            Combine::Fold => {
                // Each call makes one of up to `fan_in` results, so it takes away one less; results
                // beyond the first wait in the window together.
                let steps = |results: u32, most: u32| results.saturating_sub(1).div_ceil(most - 1);
                match self.manner.entry {
                    Entry::All => steps(n, self.fan_in()),
                    Entry::Window(window) => steps(n, self.fan_in().min(window.get().saturating_add(1))),
                    Entry::Chunks(size) => {
                        let size = size.get();
                        let (whole, rest) = (n / size, n % size);
                        let first = steps(size.min(n), self.fan_in());
                        let later = steps(size + 1, self.fan_in()) * whole.saturating_sub(1);
                        let last = if whole > 0 && rest > 0 { steps(rest + 1, self.fan_in()) } else { 0 };
                        first + later + last
                    }
                }
            }
        }
    }

    /// The calls above the documents, level by level. A result that would stand alone in its
    /// group goes up a level as it is: there is nothing to combine it with.
    fn tree(&self) -> Vec<Node> {
        let fan_in = self.fan_in() as usize;
        let mut nodes = Vec::new();
        let mut below: Vec<u32> = (0..self.n_documents()).collect();
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
                above.push(self.n_documents() + nodes.len() as u32);
                let n_open = group.len() as u32;
                nodes.push(Node { level, position, children: group.to_vec(), n_open });
            }
            below = above;
        }
        nodes
    }

    /// Documents in the order in which they begin.
    fn sequence(&self) -> Option<Vec<u32>> {
        let mut sequence: Vec<u32> = (0..self.n_documents()).collect();
        let length =
            |item: &u32| self.documents.get(*item as usize).map_or(0, |document| document.text.len());
        self.longest_first.then(|| {
            sequence.sort_by_key(|item| std::cmp::Reverse(length(item)));
            sequence
        })
    }
}

/// A node of the reduce tree. Its children are numbers of calls: documents first, then nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    level: u32,
    /// Position in its level, from 1.
    position: u32,
    children: Vec<u32>,
    /// How many of them are not over.
    n_open: u32,
}

/// What a call passes on.
#[derive(Debug, Default)]
struct Passed {
    /// None where the call failed.
    reply: Option<Arc<Reply>>,
    /// The documents inside, and those that should be.
    documents: Vec<u32>,
    missing: Vec<u32>,
    words: u64,
}

/// A reduce call under way: what went into it.
struct Reducing {
    inputs: Vec<u32>,
    passed: Passed,
}

/// One run of the pattern.
struct Work<'a> {
    pattern: &'a MapReduce,
    arm: &'a Arm,
    seed: u64,
    batch: Batch,
    nodes: Vec<Node>,
    /// For each call of a tree the node above it.
    parents: Vec<Option<u32>>,
    /// What came of calls and waits to be combined, by call.
    waiting: Vec<Option<Passed>>,
    /// Results to be folded, in the order in which they are.
    pool: VecDeque<u32>,
    /// The next document to be handed over in input order.
    next_in_order: u32,
    /// Reduce calls under way, by their number from 0.
    reducing: Vec<Option<Reducing>>,
    n_reduced: u32,
    /// Results there are to be folded, waiting or being combined.
    n_alive: u32,
    n_arrived: usize,
    /// Missing documents that no reduce call was told of.
    untold: Vec<u32>,
    /// No further document is waited for.
    closed: bool,
    /// Why an outcome is missing although documents had arrived.
    lost: Option<Failed>,
    no_parts: Arc<[Part]>,
    lengths: Lengths,
}

impl<'a> Work<'a> {
    fn new(pattern: &'a MapReduce, arm: &'a Arm, seed: u64) -> Self {
        let n = pattern.n_documents();
        let nodes = if pattern.combine == Combine::Tree { pattern.tree() } else { Vec::new() };
        let n_calls = pattern.n_calls() as usize;
        let mut parents = vec![None; if nodes.is_empty() { 0 } else { n_calls }];
        for (i, node) in nodes.iter().enumerate() {
            for child in &node.children {
                if let Some(parent) = parents.get_mut(*child as usize) {
                    *parent = Some(i as u32);
                }
            }
        }
        let mut batch = Batch::new(arm, n, pattern.manner.policy, pattern.manner.entry);
        if let Some(sequence) = pattern.sequence() {
            sequence.iter().zip(0..).for_each(|(item, place)| arm.place(*item, place));
            batch = batch.in_sequence(sequence);
        }
        Work {
            pattern,
            arm,
            seed,
            batch,
            reducing: (0..n_calls - n as usize).map(|_| None).collect(),
            nodes,
            parents,
            waiting: (0..n_calls).map(|_| None).collect(),
            pool: VecDeque::new(),
            next_in_order: 0,
            n_reduced: 0,
            n_alive: 0,
            n_arrived: 0,
            untold: Vec::new(),
            closed: false,
            lost: None,
            no_parts: [].into(),
            lengths: Lengths::of(pattern),
        }
    }

    async fn map_and_reduce(&mut self) -> Outcome {
        loop {
            if let Some(outcome) = self.leave_if_settled().await {
                return outcome;
            }
            if !self.closed {
                let (pattern, arm, seed, lengths) = (self.pattern, self.arm, self.seed, &self.lengths);
                self.batch.enter(&mut |item| pattern.map_request(arm, seed, item, lengths));
            }
            if self.batch.is_idle() && self.pool.len() > 1 {
                // Nothing else can come before some of these are combined.
                self.fold();
            }
            let Some(mut over) = self.batch.next().await else { break };
            loop {
                self.note(over);
                match self.batch.next_now() {
                    Some(more) => over = more,
                    None => break,
                }
            }
        }
        self.outcome()
    }

    async fn refine(&mut self) -> Outcome {
        let mut running = Passed::default();
        let mut last = None;
        for item in 0..self.pattern.n_documents() {
            let request = match &running.reply {
                None => self.pattern.map_request(self.arm, self.seed, item, &self.lengths),
                Some(reply) => self.refine_request(item, &running, reply),
            };
            if let Some(last) = last {
                self.arm.used(last, item);
            }
            self.batch.add(self.arm.call(item, request));
            let Some(over) = self.batch.next().await else { break };
            match over.result {
                Ok(reply) => {
                    self.n_arrived += 1;
                    if let Some(before) = last.replace(item) {
                        self.arm.forget(before);
                    }
                    running.words += self.pattern.words_of(item);
                    running.reply = Some(reply);
                    running.documents.push(item);
                }
                Err(failed) => {
                    running.missing.push(item);
                    if failed.gave_up == GaveUp::Cancelled {
                        self.lost = Some(failed);
                    }
                }
            }
            if let Some(outcome) = self.leave_if_settled().await {
                return outcome;
            }
        }
        self.finish(running)
    }

    /// What the policy makes of what is over by now.
    async fn leave_if_settled(&mut self) -> Option<Outcome> {
        if self.closed {
            return None;
        }
        if self.batch.has_what_it_needs() {
            // Results that are there are combined all the same.
            self.closed = true;
            for item in self.batch.cancel_own() {
                self.give_in_order(item, Passed { missing: vec![item], ..Passed::default() });
            }
            return None;
        }
        let gathered = self.batch.leave_if_settled().await?;
        nothing_to_aggregate(gathered, self.n_arrived)
    }

    /// A call is over.
    fn note(&mut self, Over { item, result }: Over) {
        let n = self.pattern.n_documents();
        if item >= n {
            self.reduced(item, result);
        } else if !self.closed {
            let passed = match result {
                Ok(reply) => {
                    self.n_arrived += 1;
                    Passed {
                        reply: Some(reply),
                        documents: vec![item],
                        missing: Vec::new(),
                        words: self.pattern.words_of(item),
                    }
                }
                Err(failed) => {
                    // The outcome of a run that was stopped is missing for that reason.
                    if failed.gave_up == GaveUp::Cancelled {
                        self.lost = Some(failed);
                    }
                    Passed { missing: vec![item], ..Passed::default() }
                }
            };
            self.give_in_order(item, passed);
        }
    }

    /// A document is over. In input order those before it have to be, too.
    fn give_in_order(&mut self, item: u32, passed: Passed) {
        if self.pattern.manner.delivery != Delivery::Input || self.pattern.combine == Combine::Tree {
            self.give(item, passed);
            return;
        }
        let came = item;
        if let Some(slot) = self.waiting.get_mut(item as usize) {
            *slot = Some(passed);
        }
        while self.next_in_order < self.pattern.n_documents()
            && let Some(passed) = self.waiting.get_mut(self.next_in_order as usize).and_then(Option::take)
        {
            let item = self.next_in_order;
            self.next_in_order += 1;
            if item != came {
                self.arm.delivered(item);
            }
            self.give(item, passed);
        }
    }

    /// Hands what came of a call to whatever combines it.
    fn give(&mut self, item: u32, passed: Passed) {
        let is_document = item < self.pattern.n_documents();
        match self.pattern.combine {
            Combine::Tree => {
                if is_document {
                    self.batch.used(1);
                }
                self.keep(item, passed);
                let parent = self.parents.get(item as usize).copied().flatten();
                if let Some(node) = parent.and_then(|parent| self.nodes.get_mut(parent as usize)) {
                    node.n_open -= 1;
                    if node.n_open == 0 {
                        let children = std::mem::take(&mut node.children);
                        self.reduce(parent.unwrap_or_default(), children);
                    }
                }
            }
            Combine::Fold | Combine::Refine => {
                if passed.reply.is_none() {
                    self.untold.extend(passed.documents.into_iter().chain(passed.missing));
                    self.batch.used(u32::from(is_document));
                    return;
                }
                self.n_alive += 1;
                if self.n_alive == 1 {
                    // The running result takes no place of the window.
                    self.batch.used(1);
                }
                self.keep(item, passed);
                self.pool.push_back(item);
                if self.pool.len() as u32 >= self.pattern.fan_in() {
                    self.fold();
                }
            }
        }
    }

    fn keep(&mut self, item: u32, passed: Passed) {
        if let Some(slot) = self.waiting.get_mut(item as usize) {
            *slot = Some(passed);
        }
    }

    /// Combines what has waited longest.
    fn fold(&mut self) {
        let n = self.pool.len().min(self.pattern.fan_in() as usize);
        let inputs = self.pool.drain(..n).collect();
        let number = self.n_reduced;
        self.n_reduced += 1;
        self.reduce(number, inputs);
    }

    /// Makes reduce call `number` of what came of `inputs`.
    fn reduce(&mut self, number: u32, inputs: Vec<u32>) {
        let mut passed = Passed::default();
        passed.missing.append(&mut self.untold);
        let mut parts = Vec::new();
        let mut sizes = 0;
        let mut used = Vec::with_capacity(inputs.len());
        let into = self.pattern.n_documents() + number;
        for input in inputs {
            let Some(below) = self.waiting.get_mut(input as usize).and_then(Option::take) else { continue };
            passed.missing.extend(&below.missing);
            let Some(reply) = &below.reply else {
                // What reached a reduce call that failed is lost with it.
                passed.missing.extend(&below.documents);
                continue;
            };
            if self.arm.has_texts() {
                parts.push(part(&self.pattern.names(&below.documents), reply));
            }
            sizes += reply.usage.output_tokens;
            self.arm.used(input, into);
            used.push(input);
            passed.documents.extend(&below.documents);
            passed.words += below.words;
        }
        if used.is_empty() {
            self.give(into, passed);
            return;
        }
        let (level, position) = match self.nodes.get(number as usize) {
            Some(node) => (node.level, node.position),
            None => (1, number + 1),
        };
        let draws = aggregator_draws(self.seed, level, position);
        let max_tokens = self.pattern.reduce_max_tokens;
        let request = if self.arm.has_texts() {
            let results = format!(
                "{} documents, {} words in all.\n\n{}",
                passed.documents.len(),
                passed.words,
                results_text(&parts, self.pattern.ids(&passed.missing))
            );
            let prompt = self.pattern.reduce_prompt.fill(&[("results", &results)]);
            request(draws, prompt, Task::Reduce { parts: parts.into() }, max_tokens)
        } else {
            Request {
                draws,
                prompt: Prompt::default(),
                task: Task::Reduce { parts: self.no_parts.clone() },
                input_tokens: self.lengths.reduce_tokens(used.len(), sizes),
                max_tokens,
            }
        };
        self.batch.add(self.arm.call(into, request));
        if let Some(slot) = self.reducing.get_mut(number as usize) {
            *slot = Some(Reducing { inputs: used, passed });
        }
    }

    /// A reduce call is over.
    fn reduced(&mut self, item: u32, result: CallResult) {
        let number = item - self.pattern.n_documents();
        let Some(Reducing { inputs, mut passed }) =
            self.reducing.get_mut(number as usize).and_then(Option::take)
        else {
            return;
        };
        let n_inputs = inputs.len() as u32;
        inputs.into_iter().for_each(|input| self.arm.forget(input));
        match result {
            Ok(reply) => passed.reply = Some(reply),
            Err(failed) => {
                // A stop says more than a failure.
                if self.lost.as_ref().is_none_or(|lost| lost.gave_up != GaveUp::Cancelled) {
                    self.lost = Some(failed);
                }
            }
        }
        if self.pattern.combine == Combine::Fold {
            // Its inputs leave the window; what it made takes the place of one of them.
            self.n_alive -= n_inputs;
            let running = u32::from(self.n_alive == 0);
            let made = u32::from(passed.reply.is_some());
            self.batch.used(n_inputs - running);
            self.batch.unused(made);
        }
        self.give(item, passed);
    }

    /// What all of it came to.
    fn outcome(&mut self) -> Outcome {
        let last = match self.pattern.combine {
            Combine::Tree => self.waiting.iter_mut().rev().find_map(Option::take),
            Combine::Fold | Combine::Refine => {
                let last = self.pool.pop_front();
                last.and_then(|item| self.waiting.get_mut(item as usize)).and_then(Option::take)
            }
        };
        self.finish(last.unwrap_or_default())
    }

    fn finish(&mut self, last: Passed) -> Outcome {
        let Passed { reply, mut documents, mut missing, words } = last;
        missing.append(&mut self.untold);
        let Some(reply) = reply else {
            let gathered = self.batch.gathered();
            let Some(lost) = self.lost.take() else {
                return nothing_to_aggregate(gathered, 0).unwrap_or(Outcome::None(NoOutcome::NothingArrived));
            };
            return no_outcome(lost);
        };
        documents.sort_unstable();
        missing.sort_unstable();
        let names = |items: &[u32]| self.pattern.ids(items).cloned().collect();
        let coverage = Coverage { used: names(&documents), missing: names(&missing) };
        Outcome::Merged(Merged { reply, coverage, words: Some(words) })
    }

    fn refine_request(&self, item: u32, running: &Passed, reply: &Reply) -> Request {
        let pattern = self.pattern;
        let draws = DrawKey { seed: self.seed, item, call: 0 };
        let max_tokens = pattern.reduce_max_tokens;
        let Some(document) = pattern.documents.get(item as usize).filter(|_| self.arm.has_texts()) else {
            let input_tokens = self.lengths.reduce_tokens(2, reply.usage.output_tokens * 2);
            let task = Task::Reduce { parts: self.no_parts.clone() };
            return Request { draws, prompt: Prompt::default(), task, input_tokens, max_tokens };
        };
        let so_far = part(&pattern.names(&running.documents), reply);
        let results = results_text(std::slice::from_ref(&so_far), pattern.ids(&running.missing));
        let values = [("results", &*results), ("id", &document.id), ("document", &document.text)];
        let prompt = pattern.refine_prompt.fill(&values);
        let new = Part { name: document.id.to_string(), text: document.text.to_string() };
        request(draws, prompt, Task::Reduce { parts: [so_far, new].into() }, max_tokens)
    }
}

impl MapReduce {
    fn map_request(&self, arm: &Arm, seed: u64, item: u32, lengths: &Lengths) -> Request {
        let draws = DrawKey { seed, item, call: 0 };
        let max_tokens = self.map_max_tokens;
        let nothing = Document::default();
        let document = self.documents.get(item as usize).unwrap_or(&nothing);
        let task = Task::Summary { document: document.text.clone() };
        if !arm.has_texts() {
            let input_tokens = lengths.map_tokens(document);
            return Request { draws, prompt: Prompt::default(), task, input_tokens, max_tokens };
        }
        let prompt = self.map_prompt.fill(&[("id", &document.id), ("document", &document.text)]);
        request(draws, prompt, task, max_tokens)
    }

    fn words_of(&self, item: u32) -> u64 {
        self.documents.get(item as usize).map_or(0, |document| document.n_words)
    }

    /// The ids of documents, which are items of this pattern.
    fn ids<'a>(&'a self, items: &'a [u32]) -> impl ExactSizeIterator<Item = &'a Arc<str>> + 'a {
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

/// How long prompts are, for runs that do not write them.
struct Lengths {
    map: [Measure; 2],
    reduce: [Measure; 2],
}

impl Lengths {
    fn of(pattern: &MapReduce) -> Self {
        let measured = |prompt: &Prompt, names: [&str; 2]| {
            [&prompt.system, &prompt.user].map(|template| Measure::of(template, names))
        };
        Lengths {
            map: measured(&pattern.map_prompt, ["id", "document"]),
            reduce: measured(&pattern.reduce_prompt, ["results", ""]),
        }
    }

    fn map_tokens(&self, document: &Document) -> u32 {
        let lengths = [document.id.len(), document.text.len()];
        self.map.iter().map(|measure| tokens_in(measure.filled(lengths))).sum()
    }

    /// Of a reduce call with so many inputs, which have so many tokens in all.
    fn reduce_tokens(&self, n_inputs: usize, tokens: u32) -> u32 {
        // A heading for each input, and four bytes for each token.
        let results = 16 * n_inputs + 4 * tokens as usize;
        self.reduce.iter().map(|measure| tokens_in(measure.filled([results, 0]))).sum()
    }
}
