//! Documents and reduce calls at once: a reduce call begins as soon as its inputs are there.

use std::collections::VecDeque;

use super::super::{NoOutcome, Outcome, no_outcome, nothing_to_aggregate};
use super::prompts::{Inputs, Prompts};
use super::shape::Node;
use super::{Combine, MapReduce, Passed};
use crate::engine::batch::{Batch, Delivery};
use crate::engine::retry::GaveUp;
use crate::engine::run::arm::Arm;
use crate::engine::run::call::Over;
use crate::engine::run::{CallResult, Failed};

/// One run of a tree or a fold.
pub(super) struct Work<'a> {
    pattern: &'a MapReduce,
    arm: &'a Arm,
    prompts: Prompts<'a>,
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
}

/// A reduce call under way: what went into it.
struct Reducing {
    inputs: Vec<u32>,
    passed: Passed,
}

impl<'a> Work<'a> {
    pub(super) fn new(pattern: &'a MapReduce, arm: &'a Arm, seed: u64) -> Self {
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
            prompts: Prompts::new(pattern, arm, seed),
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
        }
    }

    pub(super) async fn run(mut self) -> Outcome {
        loop {
            if self.batch.is_settled()
                && let Some(outcome) = self.leave_if_settled().await
            {
                return outcome;
            }
            if !self.closed {
                self.batch.enter(&mut |item| self.prompts.map(item));
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

    /// What the policy makes of what is over by now.
    async fn leave_if_settled(&mut self) -> Option<Outcome> {
        if self.closed {
            return None;
        }
        if self.batch.has_what_it_needs() {
            // Results that are there are combined all the same.
            self.closed = true;
            for item in self.batch.cancel_own() {
                self.keep(item, Passed { missing: vec![item], ..Passed::default() });
                self.give_in_order(item);
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
                    Passed { reply: Some(reply), words: self.pattern.words_of(item), ..Passed::default() }
                }
                Err(failed) => {
                    // The outcome of a run that was stopped is missing for that reason.
                    if failed.gave_up == GaveUp::Cancelled {
                        self.lost = Some(failed);
                    }
                    Passed { missing: vec![item], ..Passed::default() }
                }
            };
            self.keep(item, passed);
            self.give_in_order(item);
        }
    }

    /// A document is over. In input order those before it have to be, too.
    fn give_in_order(&mut self, came: u32) {
        if self.pattern.manner.delivery != Delivery::Input || self.pattern.combine == Combine::Tree {
            self.give(came);
            return;
        }
        while self.next_in_order < self.pattern.n_documents()
            && let Some(Some(_)) = self.waiting.get(self.next_in_order as usize)
        {
            let item = self.next_in_order;
            self.next_in_order += 1;
            if item != came {
                self.arm.delivered(item);
            }
            self.give(item);
        }
    }

    /// Hands what came of a call to whatever combines it.
    fn give(&mut self, item: u32) {
        let is_document = item < self.pattern.n_documents();
        if self.pattern.combine == Combine::Tree {
            self.give_to_tree(item, is_document);
        } else {
            self.give_to_pool(item, is_document);
        }
    }

    fn give_to_tree(&mut self, item: u32, is_document: bool) {
        if is_document {
            self.batch.used(1);
        }
        let parent = self.parents.get(item as usize).copied().flatten();
        let Some(number) = parent else { return };
        let Some(node) = self.nodes.get_mut(number as usize) else { return };
        node.n_open -= 1;
        if node.n_open == 0 {
            let children = std::mem::take(&mut node.children);
            self.reduce(number, children);
        }
    }

    fn give_to_pool(&mut self, item: u32, is_document: bool) {
        let came = self.waiting.get_mut(item as usize);
        if let Some(lost) = came.and_then(|came| came.take_if(|passed| passed.reply.is_none())) {
            self.untold.extend(lost.documents.into_iter().chain(lost.missing));
            self.batch.used(u32::from(is_document));
            return;
        }
        self.n_alive += 1;
        if self.n_alive == 1 {
            // The running result takes no place of the window.
            self.batch.used(1);
        }
        self.pool.push_back(item);
        if self.pool.len() as u32 >= self.pattern.fan_in() {
            self.fold();
        }
    }

    /// The documents inside what came of a call.
    fn inside<'p>(&self, call: &'p u32, passed: &'p Passed) -> &'p [u32] {
        let is_document = *call < self.pattern.n_documents();
        if is_document { std::slice::from_ref(call) } else { &passed.documents }
    }

    /// Notes what came of a call until it is combined.
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
        let mut prompt = Inputs::default();
        let mut used = Vec::with_capacity(inputs.len());
        let into = self.pattern.n_documents() + number;
        for input in inputs {
            let Some(below) = self.waiting.get_mut(input as usize).and_then(Option::take) else { continue };
            passed.missing.extend(&below.missing);
            let documents = self.inside(&input, &below);
            let Some(reply) = &below.reply else {
                // What reached a reduce call that failed is lost with it.
                passed.missing.extend(&below.documents);
                continue;
            };
            self.prompts.add(&mut prompt, documents, reply);
            self.arm.used(input, into);
            used.push(input);
            passed.documents.extend(documents);
            passed.words += below.words;
        }
        if used.is_empty() {
            self.keep(into, passed);
            self.give(into);
            return;
        }
        let (level, position) = match self.nodes.get(number as usize) {
            Some(node) => (node.level, node.position),
            None => (1, number + 1),
        };
        let request = self.prompts.reduce(level, position, prompt, &passed);
        self.batch.add(into, request);
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
        self.keep(item, passed);
        self.give(item);
    }

    /// What all of it came to.
    fn outcome(&mut self) -> Outcome {
        // The root of a tree is the last of its calls.
        let root = (self.waiting.len() as u32).saturating_sub(1);
        let call = self.pool.pop_front().unwrap_or(root);
        let mut last = self.waiting.get_mut(call as usize).and_then(Option::take).unwrap_or_default();
        if last.reply.is_some() {
            last.documents = self.inside(&call, &last).to_vec();
        }
        last.missing.append(&mut self.untold);
        match (last.reply.take(), self.lost.take()) {
            (Some(reply), _) => self.pattern.merged(reply, last),
            (None, Some(lost)) => no_outcome(lost),
            (None, None) => {
                let nothing = nothing_to_aggregate(self.batch.gathered(), 0);
                nothing.unwrap_or(Outcome::None(NoOutcome::NothingArrived))
            }
        }
    }
}
