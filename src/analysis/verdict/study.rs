//! The computation, bit by bit, so that a page goes on meanwhile.

use std::cell::OnceCell;
use std::rc::Rc;

use super::case::Case;
use super::evidence::{Evidence, Variant};
use super::judge::judge;
use super::next::next;
use super::sample::Sample;
use super::{ArmVerdict, Verdict};
use crate::analysis::rehearsal::{limits, set_up};
use crate::engine::clock::VirtualClock;
use crate::engine::draw::{arm_seed, fold};
use crate::engine::patterns::{Outcome, Pattern};
use crate::engine::price::Price;
use crate::engine::run::{Progress, Run, Texts};
use crate::scenario::{ArmKind, Scenario};

/// Seeds of a study.
pub const SEEDS: u32 = 200;

/// Calls of a variant over all seeds, at most: an arm with many is run with fewer seeds.
const MOST_CALLS: u32 = 20_000;

/// Runs in words, at most, and bytes of documents they read in all: reading takes most of their time.
const MOST_IN_WORDS: usize = 20;
const MOST_BYTES: usize = 4_000_000;

/// Instants of a run in one step: a few thousandths of a second.
const INSTANTS: u32 = 256;

/// Variants that an arm takes at most, nearly always; for progress only.
const USUAL_VARIANTS: u32 = 8;

pub struct Study {
    scenario: Scenario,
    /// The same without words.
    bare: Scenario,
    price: Option<Price>,
    arms: std::vec::IntoIter<ArmKind>,
    at: Option<At>,
    verdict: Verdict,
    n_calls: u64,
}

/// The arm and the variant that are at hand.
struct At {
    evidence: Evidence,
    n_seeds: u32,
    n_in_words: u32,
    variant: Variant,
    samples: Vec<Sample>,
    running: Option<Running>,
}

struct Running {
    run: Run,
    clock: VirtualClock,
    outcome: Rc<OnceCell<Outcome>>,
}

impl Study {
    pub fn new(scenario: &Scenario, price: Option<Price>) -> Self {
        let mut bare = scenario.clone();
        bare.simulation.texts = false;
        Study {
            scenario: scenario.clone(),
            bare,
            price,
            arms: Vec::from(ArmKind::ALL).into_iter(),
            at: None,
            verdict: Verdict::default(),
            n_calls: 0,
        }
    }

    /// A small piece of work: a run, or a part of a long one.
    pub fn step(&mut self) -> Progress {
        let Some(at) = &mut self.at else {
            let Some(arm) = self.arms.next() else { return Progress::Done };
            self.at = At::begin(&self.scenario, arm, self.price);
            return Progress::More;
        };
        let Some(mut running) = at.running.take() else {
            if (at.samples.len() as u32) < at.n_runs() {
                at.running = at.start(&self.scenario, &self.bare);
                self.n_calls += u64::from(at.evidence.case.n_calls);
            } else if let Some(verdict) = at.go_on() {
                if let Some(slot) = self.verdict.arms.get_mut(at.evidence.case.arm.index()) {
                    *slot = Some(verdict);
                }
                self.at = None;
            }
            return Progress::More;
        };
        for _ in 0..INSTANTS {
            if running.run.advance(&running.clock) != Ok(Progress::More) {
                let case = &at.evidence.case;
                at.samples.push(Sample::of(&running.run.view(), case, running.outcome.get()));
                return Progress::More;
            }
        }
        at.running = Some(running);
        Progress::More
    }

    /// How far it is, in thousandths.
    pub fn permille(&self) -> u32 {
        let n_arms = ArmKind::ALL.len() as u32;
        let over = n_arms - self.arms.len() as u32;
        let Some(At { evidence, n_seeds, samples, .. }) = &self.at else { return over * 1000 / n_arms };
        let variants = evidence.tried.len() as u32 * 1000 + samples.len() as u32 * 1000 / n_seeds;
        (over.saturating_sub(1) * 1000 + (variants / USUAL_VARIANTS).min(1000)) / n_arms
    }

    /// Calls simulated so far.
    pub fn n_calls(&self) -> u64 {
        self.n_calls
    }

    /// What is known so far.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }
}

impl At {
    fn begin(scenario: &Scenario, arm: ArmKind, price: Option<Price>) -> Option<Self> {
        let case = Case::of(scenario, arm, price)?;
        let n_seeds = (MOST_CALLS / case.n_calls.max(1)).clamp(1, SEEDS);
        let evidence = Evidence { case, tried: Vec::new() };
        let n_bytes = match &**scenario.arm(arm)? {
            Pattern::MapReduce(pattern) => {
                pattern.documents.iter().map(|document| document.text().len()).sum()
            }
            _ => 0,
        };
        let n_in_words = (MOST_BYTES / n_bytes.max(1)).clamp(1, MOST_IN_WORDS) as u32;
        let n_in_words = n_in_words.min(n_seeds);
        Some(At { evidence, n_seeds, n_in_words, variant: Variant::AsIs, samples: Vec::new(), running: None })
    }

    /// How many seeds the variant at hand is run with.
    fn n_runs(&self) -> u32 {
        if self.variant == Variant::InWords { self.n_in_words } else { self.n_seeds }
    }

    /// Starts the run of the next seed. The first is the one on the page.
    fn start(&self, scenario: &Scenario, bare: &Scenario) -> Option<Running> {
        let case = &self.evidence.case;
        let in_words = case.needs_words || self.variant == Variant::InWords;
        let (scenario, texts) = if in_words { (scenario, Texts::Kept) } else { (bare, Texts::None) };
        let limits = self.variant.limits(limits(scenario, case.price), case);
        let (mut run, clock) = set_up(scenario, limits, self.variant.timeouts(scenario.timeouts), texts);
        let seed = match self.samples.len() as u64 {
            0 => scenario.seed,
            n => fold(&[scenario.seed, n]),
        };
        let pattern = scenario.arm(case.arm)?;
        let outcome = pattern.clone().add_to(&mut run, arm_seed(seed, case.arm as u8));
        Some(Running { run, clock, outcome })
    }

    /// A variant is done: on to the next one, or to the verdict.
    fn go_on(&mut self) -> Option<ArmVerdict> {
        self.evidence.tried.push((self.variant, std::mem::take(&mut self.samples)));
        match next(&self.evidence) {
            Some(variant) => self.variant = variant,
            None => return Some(ArmVerdict { findings: judge(&self.evidence), n_seeds: self.n_seeds }),
        }
        None
    }
}
