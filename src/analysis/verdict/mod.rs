//! Use it, change it, or don't: what an arm's own numbers over many seeds say about running it at once.
//!
//! Invariant: every number was measured in simulated runs or follows from an exact formula, and each
//! arm is compared with itself only: as it is, one by one, and under a few other settings, with the
//! same draws. An arm is studied alone, also where all share a limiter. What decides is an integer.

pub mod accuracy;
pub mod advice;
pub mod case;
pub mod evidence;
pub mod judge;
pub mod next;
pub mod sample;
pub mod study;
pub mod words;

use self::advice::Advice;
use self::sample::Loss;
use crate::scenario::ArmKind;

/// What the studied arms came to; an arm that cannot run, or was not studied yet, is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub arms: [Option<ArmVerdict>; 3],
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArmVerdict {
    /// In the order of the rules; the first leads. There is always one.
    pub findings: Vec<Finding>,
    /// How many seeds it was computed over.
    pub n_seeds: u32,
}

/// Something that was found out about an arm, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub arm: ArmKind,
    pub rule: Rule,
    /// The setting to try, where there is one.
    pub advice: Option<Advice>,
}

/// In the order in which they count: what should not be done comes before what should be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Dont,
    Change,
    Use,
}

/// Which rule fired, with the numbers that decided: medians over the seeds unless they say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Calls wait for each other: the longest chain is nearly all of the work.
    Dependent { path_us: u64, work_us: u64 },
    /// No run can end before `floor_us`, so long does the provider's rate take for its calls.
    Throttled { floor_us: u64, one_by_one_us: u64 },
    /// Fewer at once end as early, and are refused less. Refusals are those of a run, on average.
    PastTheKnee { at_once: u32, enough: u32, us: u64, enough_us: u64, refusals: u64, enough_refusals: u64 },
    /// Asking the own limiter first ends as early, and is refused less.
    Refused { us: u64, asking_us: u64, refusals: u64 },
    /// Nothing is gained as it is; more at once would gain.
    TooFewAtOnce { at_once: u32, better: u32, us: u64, better_us: u64 },
    /// Running at once saves too little.
    Overhead { gain: Gain, cause: Overhead },
    /// Results wait for an earlier one: at most so many at the same time, of so many.
    StrictOrder { held: u32, of: u32 },
    /// The slowest call of a run takes much longer than the middle one, and most of the run.
    Straggler { slowest_us: u64, middle_us: u64, is_always_the_same: bool },
    /// Runs, of all seeds, in which a result was lost; among them those without an outcome.
    Losing { runs: u32, without_outcome: u32, of: u32, loss: Loss },
    /// So many votes would be nearly as often right. In hundredths of a percent, exact.
    PayingForNothing { votes: u32, enough: u32, right_bp: u32, enough_right_bp: u32 },
    /// None of the others. `cost_nano_usd` is unknown where the price is.
    UseIt { gain: Gain, cost_nano_usd: Option<u64> },
}

/// What running at once brings against one by one with the same draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gain {
    /// One by one ÷ at once, in thousandths: the 5th percentile, the median, the 95th percentile.
    pub low_permille: u64,
    pub permille: u64,
    pub high_permille: u64,
    pub saved_us: u64,
}

/// Why too little is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overhead {
    /// There is one call, or one before the aggregator.
    OnlyOne,
    /// The synthesis takes what is saved: `work_us` is how long the sections alone take one by one, and
    /// `us` all of it as it is. With all at once it would pay from so many sections on.
    Merging { us: u64, work_us: u64, pays_from: Option<u32> },
    /// There is little to save.
    Small,
}

impl Rule {
    pub fn kind(&self) -> Kind {
        match self {
            Rule::Dependent { .. } | Rule::Throttled { .. } | Rule::Overhead { .. } => Kind::Dont,
            Rule::UseIt { .. } => Kind::Use,
            _ => Kind::Change,
        }
    }

    /// Its place in the order of the rules.
    pub fn place(&self) -> u8 {
        match self {
            Rule::Dependent { .. } => 0,
            Rule::Throttled { .. } => 1,
            Rule::PastTheKnee { .. } => 2,
            Rule::Refused { .. } => 3,
            Rule::TooFewAtOnce { .. } => 4,
            Rule::Overhead { .. } => 5,
            Rule::StrictOrder { .. } => 6,
            Rule::Straggler { .. } => 7,
            Rule::Losing { .. } => 8,
            Rule::PayingForNothing { .. } => 9,
            Rule::UseIt { .. } => 10,
        }
    }
}

impl Verdict {
    /// The finding of the arm that is looked at, or for the whole page: of those that lead their arms, by
    /// kind, then in the order of the rules, then of the arms.
    pub fn lead(&self, looked_at: Option<ArmKind>) -> Option<&Finding> {
        let of_arm = looked_at.and_then(|kind| self.arms.get(kind.index())?.as_ref()?.findings.first());
        let leading = self.arms.iter().flatten().filter_map(|arm| arm.findings.first());
        of_arm.or_else(|| leading.min_by_key(|finding| (finding.rule.kind(), finding.rule.place())))
    }
}
