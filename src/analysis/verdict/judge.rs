//! The rules: from what was measured to what was found, in their order.

use super::advice::Advice;
use super::case::Chain;
use super::evidence::{Evidence, LEAST_PERMILLE, Variant};
use super::next::{lowest_as_fast, more_at_once, timeout};
use super::sample::Loss;
use super::{Finding, Overhead, Rule};
use crate::engine::clock::SECOND;
use crate::engine::failure::FailurePolicy;
use crate::engine::limiter::requests::RequestRate;
use crate::scenario::ArmKind;

/// Every rule that fires; where none does, that it may be used.
pub fn judge(evidence: &Evidence) -> Vec<Finding> {
    let rules = [
        dependent(evidence),
        throttled(evidence),
        past_the_knee(evidence),
        refused(evidence),
        too_few_at_once(evidence),
        overhead(evidence),
        strict_order(evidence),
        straggler(evidence),
        losing(evidence),
        paying_for_nothing(evidence),
    ];
    let arm = evidence.case.arm;
    let mut findings: Vec<Finding> =
        rules.into_iter().flatten().map(|(rule, advice)| Finding { arm, rule, advice }).collect();
    if findings.is_empty() {
        findings.push(Finding { arm, rule: use_it(evidence), advice: None });
    }
    findings
}

type Found = Option<(Rule, Option<Advice>)>;

const AS_IS: Variant = Variant::AsIs;

/// The chain is more than 0.8 of the work.
fn dependent(evidence: &Evidence) -> Found {
    let case = &evidence.case;
    let permille = evidence.median(AS_IS, |sample| sample.path_us * 1000 / sample.work_us.max(1));
    let fires = case.chain != Chain::None && case.n_workers > 1 && permille > 800;
    let path_us = evidence.median(AS_IS, |sample| sample.path_us);
    let work_us = evidence.median(AS_IS, |sample| sample.work_us);
    let advice = (case.chain == Chain::Refine).then_some(Advice::Tree);
    fires.then_some((Rule::Dependent { path_us, work_us }, advice))
}

fn throttled(evidence: &Evidence) -> Found {
    let floor_us = floor_us(evidence)?;
    let one_by_one_us = evidence.makespan_us(Variant::OneByOne);
    let asks = evidence.was_tried(Variant::AskFirst) && evidence.is_as_fast(Variant::AskFirst);
    Some((Rule::Throttled { floor_us, one_by_one_us }, asks.then_some(Advice::AskFirst)))
}

/// How long the provider's rate takes for a run, where that leaves a speed-up below 1.2: the starts
/// beyond the burst at the rate, (N - B) / r, and the last call.
pub(super) fn floor_us(evidence: &Evidence) -> Option<u64> {
    let case = &evidence.case;
    let starts = evidence.median(AS_IS, |sample| sample.served.into());
    let beyond = |n: u64, burst: u32, per_minute: u32| {
        n.saturating_sub(burst.into()) * 60 * SECOND / u64::from(per_minute)
    };
    let for_requests_us = case.requests.map(|rate| match rate {
        RequestRate::Bucket(rate) => beyond(starts, rate.burst.get(), rate.per_minute.get()),
        RequestRate::Rolling(per_minute) => {
            starts.saturating_sub(1) / u64::from(per_minute.get()) * 60 * SECOND
        }
    });
    let tokens = evidence.median(AS_IS, |sample| sample.tokens);
    let for_tokens_us = case.tokens.map(|rate| beyond(tokens, rate.burst.get(), rate.per_minute.get()));
    let starts_us = for_requests_us.max(for_tokens_us)?;
    let floor_us = starts_us + evidence.median(AS_IS, |sample| sample.middle_us);
    (starts_us > 0 && floor_us * 12 > evidence.makespan_us(Variant::OneByOne) * 10).then_some(floor_us)
}

fn past_the_knee(evidence: &Evidence) -> Found {
    let enough = lowest_as_fast(evidence)?;
    let lower = Variant::Concurrency(enough);
    let at_once = evidence.case.concurrency;
    let rule = Rule::PastTheKnee {
        at_once,
        enough,
        us: evidence.makespan_us(AS_IS),
        enough_us: evidence.makespan_us(lower),
        refusals: a_run(evidence, AS_IS),
        enough_refusals: a_run(evidence, lower),
    };
    let fires = evidence.refusals(lower) < evidence.refusals(AS_IS);
    fires.then_some((rule, Some(Advice::Concurrency { from: at_once, to: enough })))
}

/// Where the knee is not what is told: asking first is as fast, without refusals.
fn refused(evidence: &Evidence) -> Found {
    let asking = Variant::AskFirst;
    let fires = evidence.was_tried(asking)
        && evidence.is_as_fast(asking)
        && evidence.refusals(asking) < evidence.refusals(AS_IS);
    let (us, asking_us) = (evidence.makespan_us(AS_IS), evidence.makespan_us(asking));
    let refusals = a_run(evidence, AS_IS);
    fires.then_some((Rule::Refused { us, asking_us, refusals }, Some(Advice::AskFirst)))
}

fn too_few_at_once(evidence: &Evidence) -> Found {
    let more = more_at_once(evidence)?;
    let Variant::Concurrency(better) = more else { return None };
    let at_once = evidence.case.concurrency;
    let (us, better_us) = (evidence.makespan_us(AS_IS), evidence.makespan_us(more));
    let rule = Rule::TooFewAtOnce { at_once, better, us, better_us };
    evidence.pays(more).then_some((rule, Some(Advice::Concurrency { from: at_once, to: better })))
}

/// Too little is saved, and neither a chain nor a limit nor the concurrency is why.
fn overhead(evidence: &Evidence) -> Found {
    let known =
        dependent(evidence).is_some() || floor_us(evidence).is_some() || too_few_at_once(evidence).is_some();
    if known || evidence.pays(AS_IS) {
        return None;
    }
    let (gain, n_workers) = (evidence.gain(AS_IS), evidence.case.n_workers);
    let merge_us = evidence.median(AS_IS, |sample| sample.merge_us);
    let (work_us, permille) = evidence.work(AS_IS);
    let cause = if n_workers == 1 {
        Overhead::OnlyOne
    } else if merge_us > 0 && permille < LEAST_PERMILLE && evidence.case.arm == ArmKind::Sectioning {
        let middle_us = evidence.median(AS_IS, |sample| sample.middle_us);
        // All at once and merged takes L + A: N parts pay where N L is 1.2 times that.
        let pays_from = ((middle_us + merge_us) * 12).div_ceil(middle_us.max(1) * 10) as u32;
        let us = evidence.makespan_us(AS_IS);
        Overhead::Merging { us, work_us, pays_from: Some(pays_from).filter(|n| *n > n_workers) }
    } else {
        Overhead::Small
    };
    Some((Rule::Overhead { gain, cause }, None))
}

fn strict_order(evidence: &Evidence) -> Found {
    let of = evidence.case.n_workers;
    let held = evidence.median(AS_IS, |sample| sample.held.into()) as u32;
    let fires = evidence.case.is_in_input_order() && held * 2 > of;
    fires.then_some((Rule::StrictOrder { held, of }, Some(Advice::AsTheyCome)))
}

fn straggler(evidence: &Evidence) -> Found {
    let rule = Rule::Straggler {
        slowest_us: evidence.median(AS_IS, |sample| sample.slowest_us),
        middle_us: evidence.median(AS_IS, |sample| sample.middle_us),
        is_always_the_same: evidence.is_always_the_same(),
    };
    let helps = |variant: &Variant| {
        evidence.makespan_us(*variant) * 10 < evidence.makespan_us(AS_IS) * 9
            && evidence.losing(*variant) <= evidence.losing(AS_IS)
    };
    let advice = match timeout(evidence).filter(helps) {
        Some(Variant::FirstTokenTimeout { seconds }) => Some(Advice::FirstTokenTimeout { seconds }),
        _ => None,
    };
    evidence.is_straggling().then_some((rule, advice))
}

/// Any run in which a call is lost.
fn losing(evidence: &Evidence) -> Found {
    let (case, samples) = (&evidence.case, evidence.samples(AS_IS));
    let runs = evidence.losing(AS_IS);
    let without_outcome = samples.iter().filter(|sample| !sample.has_outcome).count() as u32;
    let losses = [Loss::Refused, Loss::Failed, Loss::RetryBudget, Loss::Other];
    let n_lost_so = |loss: &Loss| samples.iter().filter(|sample| sample.loss == Some(*loss)).count();
    let loss = losses.into_iter().max_by_key(n_lost_so).unwrap_or_default();
    let throws_away = matches!(
        case.manner.policy,
        FailurePolicy::Gather | FailurePolicy::TaskGroup | FailurePolicy::FailFast
    );
    let advice = match loss {
        _ if throws_away && without_outcome > 0 => Some(Advice::Collect),
        Loss::Refused if !case.asks_first => Some(Advice::AskFirst),
        Loss::Failed => enough_attempts(case.n_calls, case.fault_percent, case.max_attempts),
        _ => None,
    };
    let rule = Rule::Losing { runs, without_outcome, of: samples.len() as u32, loss };
    (runs > 0).then_some((rule, advice))
}

/// The fewest attempts with which a call fails for good in less than one of twenty times 200 runs:
/// n f^k < 1 / 4000.
fn enough_attempts(n_calls: u32, fault_percent: u8, attempts: u32) -> Option<Advice> {
    const ONE: u64 = 1_000_000_000_000;
    const MOST_ATTEMPTS: u32 = 20;
    let mut chance = ONE;
    for k in 1..=MOST_ATTEMPTS {
        chance = chance * u64::from(fault_percent) / 100;
        if k > attempts && chance * 4 / 1000 * u64::from(n_calls) < ONE / 1_000_000 {
            return Some(Advice::Attempts(k));
        }
    }
    None
}

fn paying_for_nothing(evidence: &Evidence) -> Found {
    let known = evidence.case.votes?;
    let super::accuracy::Enough { votes, enough, right_bp, enough_right_bp } = known;
    let rule = Rule::PayingForNothing { votes, enough, right_bp, enough_right_bp };
    (enough < votes).then_some((rule, Some(Advice::Votes(enough))))
}

fn use_it(evidence: &Evidence) -> Rule {
    let in_words = match evidence.case.arm {
        ArmKind::Voting => AS_IS,
        _ => Variant::InWords,
    };
    let cost_nano_usd = evidence.median(in_words, |sample| sample.cost_nano_usd);
    Rule::UseIt { gain: evidence.gain(AS_IS), cost_nano_usd: evidence.case.price.map(|_| cost_nano_usd) }
}

/// Refusals of a run, on average, to the nearest whole one.
fn a_run(evidence: &Evidence, variant: Variant) -> u64 {
    let n = evidence.samples(variant).len().max(1) as u64;
    (evidence.refusals(variant) + n / 2) / n
}
