//! When a vote is over before its last voter has answered.

use std::ops::Range;

use super::rule::{Rule, TOLERANCE};
use super::tally::Ballot;

/// What is not waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StopRule {
    /// Every voter is waited for.
    #[default]
    None,
    /// Votes that cannot change the outcome, whatever they say. Nothing is lost.
    Decided,
    /// Votes after the two answers with the most votes stand so far apart that the leader is the
    /// more likely one with a probability of 95 % (Adaptive-Consistency, arXiv:2305.11860). It
    /// counts heads, whatever the rule. For questions that are nearly a toss-up the probability is
    /// less than it says.
    Beta,
    /// What either `Beta` or `Decided` would not wait for.
    Either,
    /// Votes after a window of this many in a row that all agree: theirs is the answer, whatever
    /// was said before. If no window agrees, the most votes within whole windows win (ESC,
    /// arXiv:2401.10480).
    Esc { window: u32 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The next voter is waited for.
    GoOn,
    /// The vote is over. The outcome is the tally by `rule` of the arrivals in the range, which is
    /// all of them by the rule that was asked for, except under ESC.
    Stop { counted: Range<usize>, rule: Rule },
}

/// How sure `StopRule::Beta` wants to be.
const SURE: f64 = 0.95;

/// To be asked after each arrival. `arrived` stands in the order of arrival; none for a voter whose
/// call failed. With nobody to come, every vote is over.
pub fn decide(stop: StopRule, rule: Rule, arrived: &[Option<Ballot>], n_to_come: u32) -> Decision {
    let is_over = match stop {
        StopRule::Esc { window } => return first_agreement(window, arrived, n_to_come),
        _ if n_to_come == 0 => true,
        StopRule::None => false,
        StopRule::Decided => is_decided(rule, &piles(arrived, rule), n_to_come),
        StopRule::Beta => is_sure(&piles(arrived, rule)),
        StopRule::Either => {
            let piles = piles(arrived, rule);
            is_sure(&piles) || is_decided(rule, &piles, n_to_come)
        }
    };
    match is_over {
        true => Decision::Stop { counted: 0..arrived.len(), rule },
        false => Decision::GoOn,
    }
}

/// The probability that the leader is the more likely of two answers, from their votes: where
/// nothing is known before, that is I_½(runner_up + 1, leader + 1), the regularised incomplete beta
/// function. For whole numbers it is the probability of more than `runner_up` heads in as many fair
/// throws as there are votes, and one more; here by Pascal's triangle.
pub fn certainty(leader: u32, runner_up: u32) -> f64 {
    let mut heads = vec![0.0; runner_up as usize + 1];
    heads[0] = 1.0;
    for _ in 0..=leader + runner_up {
        let mut one_less = 0.0;
        for chance in &mut heads {
            (*chance, one_less) = (0.5 * (*chance + one_less), *chance);
        }
    }
    1.0 - heads.iter().sum::<f64>()
}

/// The votes for one answer so far.
struct Pile<'a> {
    key: &'a str,
    n_votes: f64,
    score: f64,
}

fn piles(arrived: &[Option<Ballot>], rule: Rule) -> Vec<Pile<'_>> {
    let mut piles: Vec<Pile> = Vec::new();
    for ballot in arrived.iter().flatten() {
        let Some(key) = ballot.key.as_deref() else { continue };
        let weight = rule.weight(ballot.confidence);
        match piles.iter_mut().find(|pile| pile.key == key) {
            Some(pile) => {
                pile.n_votes += 1.0;
                pile.score += weight;
            }
            None => piles.push(Pile { key, n_votes: 1.0, score: weight }),
        }
    }
    piles
}

/// The two greatest values. An answer that nobody has given yet stands at zero.
fn top_two(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut first, mut second) = (0.0, 0.0);
    for value in values {
        if value > first {
            (first, second) = (value, first);
        } else if value > second {
            second = value;
        }
    }
    (first, second)
}

/// Whether the outcome is the same whatever the voters to come say, if they say anything.
fn is_decided(rule: Rule, piles: &[Pile], n_to_come: u32) -> bool {
    let to_come = f64::from(n_to_come);
    match rule {
        Rule::Unanimity => piles.len() > 1,
        Rule::Majority => {
            let n_votes: f64 = piles.iter().map(|pile| pile.n_votes).sum();
            let (most, _) = top_two(piles.iter().map(|pile| pile.n_votes));
            let others = n_votes - most;
            most > others + to_come || most + to_come <= others
        }
        Rule::Plurality | Rule::LogOdds | Rule::Softmax => {
            let (best, second) = top_two(piles.iter().map(|pile| pile.score));
            // Twice the tolerance: the final sums may round the other way.
            best - second > to_come * rule.heaviest() + 2.0 * TOLERANCE
        }
    }
}

fn is_sure(piles: &[Pile]) -> bool {
    let (leader, runner_up) = top_two(piles.iter().map(|pile| pile.n_votes));
    certainty(leader as u32, runner_up as u32) >= SURE
}

/// ESC. A voter whose call failed is no sample; an abstention is one, but no answer to agree on.
fn first_agreement(window: u32, arrived: &[Option<Ballot>], n_to_come: u32) -> Decision {
    let over = |counted| Decision::Stop { counted, rule: Rule::Plurality };
    let window = window.max(1);
    // In the window at hand: where it starts, how many samples it has, whether they agree.
    let (mut from, mut n_samples, mut agree) = (0, 0, true);
    let mut agreed: Option<&str> = None;
    for (at, ballot) in arrived.iter().enumerate() {
        let Some(ballot) = ballot else { continue };
        let key = ballot.key.as_deref();
        agree = key.is_some() && (n_samples == 0 || agree && key == agreed);
        agreed = key;
        n_samples += 1;
        if n_samples == window {
            if agree {
                return over(from..at + 1);
            }
            (from, n_samples) = (at + 1, 0);
        }
    }
    match (n_samples + n_to_come < window, from) {
        // Not even one window: there is nothing better than all votes.
        (true, 0) if n_to_come == 0 => over(0..arrived.len()),
        (true, 1..) => over(0..from),
        // No sample, or too few, is not an end while voters may come.
        _ => Decision::GoOn,
    }
}
