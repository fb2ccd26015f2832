//! A judge: a call that chooses among the answers instead of the count, asked twice.
//!
//! Candidates have no names but letters and stand in a drawn order, and the second time in the
//! opposite one: judges are known to prefer places (Zheng et al., arXiv:2306.05685). Only a choice
//! that survives the swap counts.

use super::super::{aggregator_draws, request};
use super::Voting;
use super::reading::Reading;
use super::tally::{Bucket, Tally};
use crate::engine::call::{Prompt, Task};
use crate::engine::draw::{DrawKey, Purpose};
use crate::engine::run::arm::Arm;
use crate::engine::run::{CallResult, Failed};

/// What came of asking the judge.
#[derive(Clone, Debug, PartialEq)]
pub enum Judged {
    /// The same answer in both orders: a bucket of the tally, by its place.
    Chose(usize),
    /// One answer in one order, another in the other.
    ChangedWithOrder,
    /// At least one reply names no candidate.
    Unclear,
    Failed(Failed),
}

/// Letters for so many candidates.
const MOST_CANDIDATES: usize = 26;

impl Voting {
    /// Asks twice at once. None where there is nothing to choose between.
    pub(super) async fn ask_judge(
        &self,
        arm: &Arm,
        seed: u64,
        prompt: &Prompt,
        tally: &Tally,
    ) -> Option<Judged> {
        if tally.buckets.len() < 2 {
            return None;
        }
        let order = drawn_order(aggregator_draws(seed, 0, 0), tally.buckets.len().min(MOST_CANDIDATES));
        let opposite: Vec<usize> = order.iter().rev().copied().collect();
        let ask = |nth: u32, order: &[usize]| {
            for voter in tally.buckets.iter().flat_map(|bucket| &bucket.voters) {
                arm.used(*voter, self.votes + nth);
            }
            let request =
                self.judge_request(aggregator_draws(seed, 0, 1 + nth), prompt, &tally.buckets, order);
            arm.call(self.votes + nth, request)
        };
        let (one, other) = futures::future::join(ask(0, &order), ask(1, &opposite)).await;
        Some(match (chosen(&one.result, &order), chosen(&other.result, &opposite)) {
            (Err(failed), _) | (_, Err(failed)) => Judged::Failed(failed),
            (Ok(None), _) | (_, Ok(None)) => Judged::Unclear,
            (Ok(one), Ok(other)) if one != other => Judged::ChangedWithOrder,
            (Ok(Some(bucket)), _) => Judged::Chose(bucket),
        })
    }

    fn judge_request(
        &self,
        draws: DrawKey,
        prompt: &Prompt,
        buckets: &[Bucket],
        order: &[usize],
    ) -> crate::engine::call::Request {
        let mut candidates = String::new();
        for (letter, bucket) in letters(order.len()).iter().zip(order.iter().filter_map(|i| buckets.get(*i)))
        {
            candidates.push_str(letter);
            candidates.push_str(". ");
            candidates.push_str(&bucket.answer);
            candidates.push('\n');
        }
        let prompt = prompt.fill(&[("question", &self.question), ("candidates", candidates.trim_end())]);
        let right = self.correct.and_then(|correct| self.options.get(correct));
        let right = right.and_then(|right| self.reading.of(&self.options).key(right));
        let is_right =
            |i: &usize| right.is_some() && buckets.get(*i).map(|bucket| &bucket.key) == right.as_ref();
        let task =
            Task::Vote { options: letters(order.len()).into(), correct: order.iter().position(is_right) };
        request(draws, prompt, task, self.max_tokens)
    }
}

/// The bucket a judge's reply names; none where it names none.
fn chosen(result: &CallResult, order: &[usize]) -> Result<Option<usize>, Failed> {
    let reply = result.as_ref().map_err(Failed::clone)?;
    let letters = letters(order.len());
    let reader = Reading::default().of(&letters);
    let key = reader.key(reply.answer.main_text());
    let place = letters.iter().position(|letter| reader.key(letter) == key);
    Ok(place.and_then(|place| order.get(place).copied()))
}

fn letters(n: usize) -> Vec<String> {
    (b'A'..=b'Z').take(n).map(|letter| char::from(letter).to_string()).collect()
}

/// The numbers below `n` in a drawn order (Fisher and Yates).
fn drawn_order(draws: DrawKey, n: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        let j = (draws.nth_uniform(0, Purpose::Order, i as u64) * (i + 1) as f64) as usize;
        order.swap(i, j.min(i));
    }
    order
}
