//! How often a vote is right, exactly, for the voters of the simulation.
//!
//! Nothing but sums, products and quotients: the same on every platform.

use crate::engine::patterns::voting::Voting;
use crate::engine::patterns::voting::rule::Rule;
use crate::engine::patterns::voting::stop::StopRule;
use crate::providers::simulated::answers::{CORRELATION, Opinion};

/// The votes there are, fewer that would do, and how often both are right, in hundredths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enough {
    pub votes: u32,
    pub enough: u32,
    pub right_bp: u32,
    pub enough_right_bp: u32,
}

/// Two more votes that bring less than this, in hundredths of a percent, are paid for nothing.
const LEAST_GAIN_BP: u32 = 50;

/// None where no formula applies: weights, a judge, and rules that stop before it is decided.
pub fn enough_votes(voting: &Voting, opinion: Opinion) -> Option<Enough> {
    let is_lossless = matches!(voting.stop, StopRule::None | StopRule::Decided);
    let counts = matches!(voting.rule, Rule::Plurality | Rule::Majority);
    if !is_lossless || !counts || voting.judge_prompt.is_some() {
        return None;
    }
    // Without options the simulation knows two answers.
    let n_options = if voting.options.is_empty() { 2 } else { voting.options.len() };
    let right_bp: Vec<u32> = accuracies(opinion, n_options, voting.rule, voting.votes as usize)
        .into_iter()
        .map(|share| (share * 10_000.0 + 0.5) as u32)
        .collect();
    let of = |votes: usize| right_bp.get(votes.wrapping_sub(1)).copied().unwrap_or(0);
    let mut enough = right_bp.len();
    loop {
        // An even number ends in ties, which have no winner.
        if enough > 1 && of(enough - 1) >= of(enough) {
            enough -= 1;
        } else if enough > 2 && of(enough) < of(enough - 2) + LEAST_GAIN_BP {
            enough -= 2;
        } else {
            break;
        }
    }
    Some(Enough {
        votes: voting.votes,
        enough: enough as u32,
        right_bp: of(right_bp.len()),
        enough_right_bp: of(enough),
    })
}

/// The chance that the right answer wins alone, for 1, 2, … `most` votes.
///
/// The number of right votes is beta-binomial, since a question is as hard for one voter as for
/// another; a wrong vote goes to the popular wrong answer with the chance of a shared error, and to
/// any other one alike. A tie has no winner.
pub fn accuracies(opinion: Opinion, n_options: usize, rule: Rule, most: usize) -> Vec<f64> {
    let accuracy = opinion.accuracy.clamp(0.0, 1.0);
    if n_options < 2 || accuracy == 1.0 {
        return vec![1.0; most];
    }
    let strength = (1.0 - CORRELATION) / CORRELATION;
    let (a, b) = (accuracy * strength, (1.0 - accuracy) * strength);
    let wins = match rule {
        Rule::Majority => Vec::new(),
        _ => no_wrong_reaches(opinion.shared_error, n_options, most),
    };
    let chance_of_win = |right: usize, wrong: usize| match wins.get(right).and_then(|row| row.get(wrong)) {
        _ if right > wrong => 1.0,
        Some(chance) => *chance,
        None => 0.0,
    };
    let of = |n: usize| {
        let mut chance = 1.0;
        for i in 0..n {
            chance *= (b + i as f64) / (a + b + i as f64);
        }
        let mut sum = 0.0;
        for right in 0..n {
            let wrong = n - right;
            sum += chance * chance_of_win(right, wrong);
            let next = (a + right as f64) / (b + (wrong - 1) as f64);
            chance *= wrong as f64 / (right + 1) as f64 * next;
        }
        sum + chance
    };
    (1..=most).map(of).collect()
}

/// For each number of right votes, and each of wrong ones, the chance that no wrong answer has as many.
fn no_wrong_reaches(shared_error: f64, n_options: usize, most: usize) -> Vec<Vec<f64>> {
    let popular = binomials(if n_options == 2 { 1.0 } else { shared_error.clamp(0.0, 1.0) }, most);
    let others = n_options - 2;
    (0..=most / 2)
        .map(|right| {
            let scattered = all_below(right, others, most);
            let chance = |row: &Vec<f64>| {
                let wrong = row.len() - 1;
                (0..right.min(row.len())).map(|n| row[n] * scattered[wrong - n]).sum()
            };
            popular.iter().map(chance).collect()
        })
        .collect()
}

/// For 0, 1, … `most` votes: the chances of each number of them for an answer with this chance.
fn binomials(chance: f64, most: usize) -> Vec<Vec<f64>> {
    let mut rows = vec![vec![1.0]];
    for n in 1..=most {
        let mut row = vec![0.0; n + 1];
        for (i, share) in rows[n - 1].iter().enumerate() {
            row[i] += share * (1.0 - chance);
            row[i + 1] += share * chance;
        }
        rows.push(row);
    }
    rows
}

/// For 0, 1, … `most` votes spread over `n` answers alike: the chance that each has fewer than `limit`.
/// By the exponential generating function: n votes in n! times the coefficient of the n-th power.
fn all_below(limit: usize, n: usize, most: usize) -> Vec<f64> {
    let mut one = vec![0.0; most + 1];
    let mut term = 1.0;
    for (i, slot) in one.iter_mut().enumerate().take(limit) {
        *slot = term;
        term /= n.max(1) as f64 * (i + 1) as f64;
    }
    let mut all = vec![0.0; most + 1];
    all[0] = 1.0;
    let mut left = n;
    while left > 0 {
        if left % 2 == 1 {
            all = product(&all, &one);
        }
        one = product(&one, &one);
        left /= 2;
    }
    let mut factorial = 1.0;
    for (i, chance) in all.iter_mut().enumerate().skip(1) {
        factorial *= i as f64;
        *chance *= factorial;
    }
    all
}

/// The product of two polynomials, as far as the first goes.
fn product(one: &[f64], other: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; one.len()];
    for (i, a) in one.iter().enumerate().filter(|(_, a)| **a != 0.0) {
        for (slot, b) in product[i..].iter_mut().zip(other) {
            *slot += a * b;
        }
    }
    product
}
