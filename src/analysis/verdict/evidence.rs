//! What was measured of an arm: as it is, and under other settings with the same draws.

use std::num::NonZeroU32;

use super::Gain;
use super::case::Case;
use super::sample::{Sample, middle, percentile};
use crate::engine::clock::SECOND;
use crate::engine::failure::FailurePolicy;
use crate::engine::limiter::core::Limits;
use crate::engine::timeouts::Timeouts;
use crate::scenario::ArmKind;

/// The settings under which an arm is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    AsIs,
    OneByOne,
    /// As it is, with prompts and answers in words: what it costs. A run without takes a tenth of the
    /// time, so these are fewer.
    InWords,
    AskFirst,
    Concurrency(u32),
    FirstTokenTimeout {
        seconds: u32,
    },
}

/// For each variant that was tried, a sample for each seed, in the same order of seeds.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub case: Case,
    pub tried: Vec<(Variant, Vec<Sample>)>,
}

/// Below this, in thousandths, running at once is not worth it; nor where it saves less than this.
pub(super) const LEAST_PERMILLE: u64 = 1200;
const LEAST_SAVED_US: u64 = SECOND;

impl Variant {
    pub fn limits(self, as_is: Limits, case: &Case) -> Limits {
        let concurrent = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        match self {
            Variant::AsIs | Variant::InWords | Variant::FirstTokenTimeout { .. } => as_is,
            Variant::OneByOne => Limits { concurrency: NonZeroU32::MIN, budget: None, ..as_is },
            Variant::AskFirst => Limits { requests: case.requests, tokens: case.tokens, ..as_is },
            Variant::Concurrency(n) => Limits { concurrency: concurrent(n), ..as_is },
        }
    }

    pub fn timeouts(self, as_is: Timeouts) -> Timeouts {
        match self {
            // What bounds the whole would cut it short.
            Variant::OneByOne => Timeouts { queue_us: None, call_us: None, run_us: None, ..as_is },
            Variant::FirstTokenTimeout { seconds } => {
                Timeouts { first_token_us: Some(u64::from(seconds) * SECOND), ..as_is }
            }
            _ => as_is,
        }
    }
}

impl Evidence {
    /// None where it was not tried.
    pub fn samples(&self, variant: Variant) -> &[Sample] {
        let tried = self.tried.iter().find(|(tried, _)| *tried == variant);
        tried.map_or(&[], |(_, samples)| samples)
    }

    pub fn was_tried(&self, variant: Variant) -> bool {
        self.tried.iter().any(|(tried, _)| *tried == variant)
    }

    /// The median over the seeds.
    pub fn median(&self, variant: Variant, of: fn(&Sample) -> u64) -> u64 {
        let mut values: Vec<u64> = self.samples(variant).iter().map(of).collect();
        middle(&mut values)
    }

    pub fn makespan_us(&self, variant: Variant) -> u64 {
        self.median(variant, |sample| sample.makespan_us)
    }

    /// Of all seeds together.
    pub fn refusals(&self, variant: Variant) -> u64 {
        self.samples(variant).iter().map(|sample| u64::from(sample.refusals)).sum()
    }

    /// Runs in which something was lost that the policy does not give up anyway.
    pub fn losing(&self, variant: Variant) -> u32 {
        let is_content = matches!(self.case.manner.policy, FailurePolicy::Quorum(_));
        let loses = |sample: &&Sample| !sample.has_outcome || sample.lost > 0 && !is_content;
        self.samples(variant).iter().filter(loses).count() as u32
    }

    /// Against one by one, seed by seed.
    pub fn gain(&self, variant: Variant) -> Gain {
        let (mut ratios, mut saved_us) = (Vec::new(), Vec::new());
        for (one, many) in self.samples(Variant::OneByOne).iter().zip(self.samples(variant)) {
            ratios.push(one.makespan_us * 1000 / many.makespan_us.max(1));
            saved_us.push(one.makespan_us.saturating_sub(many.makespan_us));
        }
        Gain {
            low_permille: percentile(&mut ratios, 5),
            permille: middle(&mut ratios),
            high_permille: percentile(&mut ratios, 95),
            saved_us: middle(&mut saved_us),
        }
    }

    /// How long the work takes one by one, and what that is of the run as it is, in thousandths. Who
    /// writes sections in a row needs no synthesis; documents have to be reduced either way.
    pub fn work(&self, variant: Variant) -> (u64, u64) {
        let ones = self.samples(Variant::OneByOne);
        let (mut works_us, mut ratios) = (Vec::new(), Vec::new());
        for (one, many) in ones.iter().zip(self.samples(variant)) {
            let merge_us = if self.case.arm == ArmKind::Sectioning { one.merge_us } else { 0 };
            let work_us = one.makespan_us - merge_us;
            works_us.push(work_us);
            ratios.push(work_us * 1000 / many.makespan_us.max(1));
        }
        (middle(&mut works_us), middle(&mut ratios))
    }

    /// Whether running at once is worth it.
    pub fn pays(&self, variant: Variant) -> bool {
        self.work(variant).1 >= LEAST_PERMILLE && self.gain(variant).saved_us >= LEAST_SAVED_US
    }

    /// Whether a provider's limit is felt: a refusal a run, on average.
    pub fn is_refused(&self) -> bool {
        self.refusals(Variant::AsIs) >= self.samples(Variant::AsIs).len() as u64
    }

    /// Whether it ends as early as it is, within 3 %.
    pub fn is_as_fast(&self, variant: Variant) -> bool {
        self.makespan_us(variant) * 100 <= self.makespan_us(Variant::AsIs) * 103
    }

    /// Whether one worker makes the others wait: more than three times the middle one, and half the run.
    pub fn is_straggling(&self) -> bool {
        let as_is = Variant::AsIs;
        let tenths = self.median(as_is, |sample| sample.slowest_us * 10 / sample.middle_us.max(1));
        let share = self.median(as_is, |sample| sample.slowest_us * 100 / sample.makespan_us.max(1));
        self.case.n_workers >= 3 && self.case.concurrency > 1 && tenths > 30 && share >= 50
    }

    /// Whether the slowest worker is the same in most runs.
    pub fn is_always_the_same(&self) -> bool {
        let samples = self.samples(Variant::AsIs);
        // What more than half have in common is their median.
        let commonest = self.median(Variant::AsIs, |sample| sample.slowest.into());
        samples.iter().filter(|sample| u64::from(sample.slowest) == commonest).count() * 2 > samples.len()
    }
}
