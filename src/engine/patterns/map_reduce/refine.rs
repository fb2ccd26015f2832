//! One document after the other: each call improves the summary that the one before it made.

use super::super::{NoOutcome, Outcome, nothing_to_aggregate};
use super::prompts::Prompts;
use super::{MapReduce, Passed};
use crate::engine::batch::{Batch, Entry};
use crate::engine::run::arm::Arm;

pub(super) async fn run(pattern: &MapReduce, arm: &Arm, seed: u64) -> Outcome {
    let prompts = Prompts::new(pattern, arm, seed);
    let n = pattern.n_documents();
    let mut batch = Batch::new(arm, n, pattern.manner.policy, Entry::All);
    let mut running = Passed::default();
    // The call whose summary is the running one.
    let mut last = None;
    let mut left = None;
    for item in 0..n {
        if batch.has_what_it_needs() {
            running.missing.extend(item..n);
            break;
        }
        left = batch.leave_if_settled().await;
        if left.is_some() {
            break;
        }
        let request = match &running.reply {
            None => prompts.map(item),
            Some(reply) => prompts.refine(item, reply, &running),
        };
        if let Some(last) = last {
            arm.used(last, item);
        }
        batch.add(item, request);
        let Some(over) = batch.next().await else { break };
        match over.result {
            Ok(reply) => {
                if let Some(before) = last.replace(item) {
                    arm.forget(before);
                }
                running.words += pattern.words_of(item);
                running.reply = Some(reply);
                running.documents.push(item);
            }
            Err(_) => running.missing.push(item),
        }
    }
    // Who is stopped half-way has a summary of some documents, and is told which are missing.
    let gathered = left.unwrap_or_else(|| batch.gathered());
    match (nothing_to_aggregate(gathered, running.documents.len()), running.reply.take()) {
        (Some(outcome), _) => outcome,
        (None, Some(reply)) => pattern.merged(reply, running),
        (None, None) => Outcome::None(NoOutcome::NothingArrived),
    }
}
