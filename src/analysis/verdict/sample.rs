//! The numbers of one run, taken from its trace in one pass.

use super::case::Case;
use crate::engine::call::{CallError, CallId, Usage};
use crate::engine::patterns::Outcome;
use crate::engine::retry::GaveUp;
use crate::engine::run::RunView;
use crate::engine::trace::{End, Failure, What};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    pub makespan_us: u64,
    pub refusals: u32,
    /// Calls that failed in the end, and what the first of them met.
    pub lost: u32,
    pub loss: Option<Loss>,
    pub has_outcome: bool,
    pub served: u32,
    pub tokens: u64,
    /// What was served, at the price; 0 without one.
    pub cost_nano_usd: u64,
    /// The longest chain of calls of which each used the result of the one before, and all calls: the
    /// time in flight, refusals aside.
    pub path_us: u64,
    pub work_us: u64,
    /// From the end of the last worker to the end of the run.
    pub merge_us: u64,
    /// The slowest of the workers, and the time in flight of it and of the middle one.
    pub slowest: u32,
    pub slowest_us: u64,
    pub middle_us: u64,
    /// How long the middle one was silent.
    pub silence_us: u64,
    /// The most workers that were over while an earlier one was not.
    pub held: u32,
}

/// Why a call was given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loss {
    /// Every refusal it bears came.
    Refused,
    /// Every attempt it has failed.
    Failed,
    /// Too many attempts of the run failed to try again.
    RetryBudget,
    /// Time-outs, budgets, errors that are final.
    #[default]
    Other,
}

#[derive(Clone, Copy, Default)]
struct Course {
    sent_us: u64,
    /// In flight in attempts so far, refusals aside.
    own_us: u64,
    /// The longest chain that ends in what it uses.
    before_us: u64,
    silent_us: u64,
    is_over: bool,
}

impl Sample {
    /// Of a run that has this one arm.
    pub fn of(view: &RunView, case: &Case, outcome: Option<&Outcome>) -> Self {
        let mut sample = Sample {
            has_outcome: matches!(outcome, Some(Outcome::Merged(_) | Outcome::Voted(_))),
            ..Sample::default()
        };
        let mut calls = vec![Course::default(); case.n_calls as usize];
        let (mut workers_us, mut silences_us) = (Vec::new(), Vec::new());
        let (mut last_worker_us, mut workers_over, mut in_order) = (0, 0, 0);
        for event in view.trace().events() {
            let at_us = event.at_us;
            if let What::Used { call, into } = event.what
                && let Some(path_us) = calls.get(call.0 as usize).map(|used| used.before_us + used.own_us)
                && let Some(into) = calls.get_mut(into.0 as usize)
            {
                into.before_us = into.before_us.max(path_us);
            }
            let Some(call) = event.what.call() else { continue };
            let Some(this) = calls.get_mut(call.0 as usize) else { continue };
            let is_worker = call.0 < case.n_workers;
            match event.what {
                What::Admitted(_) => this.sent_us = at_us,
                What::FirstToken(_) => this.silent_us = at_us - this.sent_us,
                What::Failed { failure: Failure::Refused, .. } => sample.refusals += 1,
                What::Failed { .. } => this.own_us += at_us - this.sent_us,
                What::Served { input_tokens, output_tokens, .. } => {
                    let us = at_us - this.sent_us;
                    this.own_us += us;
                    sample.path_us = sample.path_us.max(this.before_us + this.own_us);
                    sample.served += 1;
                    sample.tokens += u64::from(input_tokens) + u64::from(output_tokens);
                    let usage = Usage { input_tokens, output_tokens, ..Usage::default() };
                    sample.cost_nano_usd += case.price.map_or(0, |price| price.cost_nano_usd(usage));
                    if is_worker {
                        workers_us.push(us);
                        silences_us.push(this.silent_us);
                        if us > sample.slowest_us {
                            (sample.slowest, sample.slowest_us) = (call.0, us);
                        }
                    }
                }
                What::Ended { end: End::Failed, .. } => {
                    sample.lost += 1;
                    sample.loss = sample.loss.or_else(|| Some(loss(view, call)));
                }
                _ => {}
            }
            if event.what.end().is_some() {
                this.is_over = true;
                sample.work_us += this.own_us;
                sample.makespan_us = at_us;
                if is_worker {
                    last_worker_us = at_us;
                    workers_over += 1;
                    while in_order < case.n_workers && calls.get(in_order as usize).is_some_and(|c| c.is_over)
                    {
                        in_order += 1;
                    }
                    sample.held = sample.held.max(workers_over - in_order);
                }
            }
        }
        sample.merge_us = sample.makespan_us - last_worker_us;
        sample.middle_us = middle(&mut workers_us);
        sample.silence_us = middle(&mut silences_us);
        sample
    }
}

fn loss(view: &RunView, call: CallId) -> Loss {
    let gave_up = view.text(call).and_then(|text| match &text.result {
        // An attempt that times out would do so again.
        Some(Err(failed)) if !matches!(failed.error.as_deref(), Some(CallError::TimedOut { .. })) => {
            Some(failed.gave_up)
        }
        _ => None,
    });
    match gave_up {
        Some(GaveUp::RefusalsUsed { .. }) => Loss::Refused,
        Some(GaveUp::AttemptsUsed { .. }) => Loss::Failed,
        Some(GaveUp::RetryBudgetUsed) => Loss::RetryBudget,
        _ => Loss::Other,
    }
}

/// The lower of the two middle ones of an even number; 0 of none.
pub(super) fn middle(values: &mut [u64]) -> u64 {
    percentile(values, 50)
}

/// The smallest value that at least so many percent do not exceed; 0 of none.
pub(super) fn percentile(values: &mut [u64], percent: usize) -> u64 {
    values.sort_unstable();
    let place = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(place).copied().unwrap_or(0)
}
