//! What to try next: only what a rule needs, and lower concurrencies by halving.

use super::case::Chain;
use super::evidence::{Evidence, Variant};
use super::judge::floor_us;
use crate::engine::clock::SECOND;
use crate::scenario::ArmKind;

/// The concurrencies that are looked at.
const STOPS: [u32; 11] = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

/// None where everything is known.
pub fn next(evidence: &Evidence) -> Option<Variant> {
    let case = &evidence.case;
    let untried = |variant: Variant| (!evidence.was_tried(variant)).then_some(variant);
    if let Some(variant) = untried(Variant::AsIs).or_else(|| untried(Variant::OneByOne)) {
        return Some(variant);
    }
    // What a vote costs does not depend on what others say.
    if case.price.is_some()
        && case.arm != ArmKind::Voting
        && let Some(variant) = untried(Variant::InWords)
    {
        return Some(variant);
    }
    if evidence.is_refused() {
        if !case.asks_first
            && let Some(variant) = untried(Variant::AskFirst)
        {
            return Some(variant);
        }
        if let Some(concurrency) = next_lower(evidence) {
            return Some(Variant::Concurrency(concurrency));
        }
    }
    if let Some(variant) = more_at_once(evidence).and_then(untried) {
        return Some(variant);
    }
    timeout(evidence).and_then(untried)
}

/// The lowest concurrency that was tried and is as fast.
pub fn lowest_as_fast(evidence: &Evidence) -> Option<u32> {
    let tried = evidence.tried.iter().filter_map(|(variant, _)| match variant {
        Variant::Concurrency(n) if *n < evidence.case.concurrency => Some(*n),
        _ => None,
    });
    tried.filter(|n| evidence.is_as_fast(Variant::Concurrency(*n))).min()
}

/// Halves the stops between the highest that is too slow and the lowest that is as fast.
fn next_lower(evidence: &Evidence) -> Option<u32> {
    let lower = STOPS.partition_point(|stop| *stop < evidence.case.concurrency);
    let stops = STOPS.get(..lower)?;
    let (mut from, mut to) = (0, lower);
    for (place, stop) in stops.iter().enumerate() {
        let variant = Variant::Concurrency(*stop);
        if evidence.was_tried(variant) {
            match evidence.is_as_fast(variant) {
                true => to = to.min(place),
                false => from = place + 1,
            }
        }
    }
    if from < to { stops.get((from + to) / 2).copied() } else { None }
}

/// More at once, where it does not pay as it is and might with more.
pub fn more_at_once(evidence: &Evidence) -> Option<Variant> {
    let case = &evidence.case;
    let more = case.n_workers.min(64);
    let might = case.chain == Chain::None && more > case.concurrency && floor_us(evidence).is_none();
    (might && !evidence.pays(Variant::AsIs)).then_some(Variant::Concurrency(more))
}

/// Four times the usual silence, where a call straggles by chance.
pub fn timeout(evidence: &Evidence) -> Option<Variant> {
    let silence_us = evidence.median(Variant::AsIs, |sample| sample.silence_us);
    let by_chance = silence_us > 0 && evidence.case.max_attempts > 1 && !evidence.is_always_the_same();
    let seconds = (silence_us * 4).div_ceil(SECOND) as u32;
    (by_chance && evidence.is_straggling()).then_some(Variant::FirstTokenTimeout { seconds })
}
