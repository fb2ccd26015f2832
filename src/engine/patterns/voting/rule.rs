//! How votes become a winner.

use super::tally::{Bucket, Verdict};

/// Who wins. Abstentions and failed voters count for nothing in any of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// The answer with the most votes.
    #[default]
    Plurality,
    /// The answer with more than half of the votes.
    Majority,
    /// The answer all votes share.
    Unanimity,
    /// The answer with the greatest sum of ln(p/(1-p)), p being each vote's confidence: the best
    /// weights for independent voters who know how often they are right (Nitzan and Paroush 1982).
    /// The sum has to be positive. A vote without a confidence weighs nothing.
    LogOdds,
    /// The answer with the greatest sum of exp(c/T), c being each vote's confidence (CISC,
    /// arXiv:2502.06233). Their softmax divides all weights by one sum, which changes no order and
    /// is left out. A vote without a confidence counts as one of 0.
    Softmax,
}

/// Scores nearer to each other than this are equal: a sum of logarithms rounds.
pub(super) const TOLERANCE: f64 = 1e-9;

/// The T of [`Rule::Softmax`], in units of confidence. At 1, a certain vote weighs e times one
/// that is sure of nothing.
const TEMPERATURE: f64 = 1.0;

/// No confidence is taken for more than this, nor for less than its complement: one voter who
/// claims certainty would outweigh all others.
const SUREST: f64 = 0.99;

impl Rule {
    pub fn is_weighted(self) -> bool {
        matches!(self, Rule::LogOdds | Rule::Softmax)
    }

    /// What a vote adds to the score of its answer.
    pub fn weight(self, confidence: Option<f64>) -> f64 {
        let stated = stated(confidence);
        match (self, stated) {
            (Rule::LogOdds, Some(p)) => {
                let p = p.clamp(1.0 - SUREST, SUREST);
                libm::log(p / (1.0 - p))
            }
            (Rule::LogOdds, None) => 0.0,
            (Rule::Softmax, _) => libm::exp(stated.unwrap_or(0.0) / TEMPERATURE),
            _ => 1.0,
        }
    }

    /// The most that one vote can add to a score, or take from it.
    pub fn heaviest(self) -> f64 {
        self.weight(Some(1.0))
    }

    /// What the rule makes of buckets that stand in the order of their scores.
    pub(super) fn verdict(self, buckets: &[Bucket]) -> Verdict {
        let Some(first) = buckets.first() else { return Verdict::Short };
        let n_votes: usize = buckets.iter().map(|bucket| bucket.voters.len()).sum();
        let n_tied = buckets.iter().filter(|bucket| bucket.score > first.score - TOLERANCE).count();
        let is_met = match self {
            Rule::Plurality | Rule::Softmax => true,
            Rule::Majority => 2 * first.voters.len() > n_votes,
            Rule::Unanimity => buckets.len() == 1,
            Rule::LogOdds => first.score > TOLERANCE,
        };
        match n_tied {
            _ if !is_met => Verdict::Short,
            1 => Verdict::Winner,
            _ => Verdict::Tie { n_tied },
        }
    }
}

/// A confidence that is one: from 0 to 1. So no score is infinite, or not a number.
pub(super) fn stated(confidence: Option<f64>) -> Option<f64> {
    confidence.filter(|share| (0.0..=1.0).contains(share))
}
