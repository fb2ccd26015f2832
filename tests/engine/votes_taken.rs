//! How many votes a stop rule takes, and how often it is right: exactly, against the tables of theory.

use std::collections::BTreeMap;

use fanout::engine::patterns::voting::rule::Rule;
use fanout::engine::patterns::voting::stop::{Decision, StopRule, decide};
use fanout::engine::patterns::voting::tally::{Ballot, Vote};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::lossless::result;
use crate::voters::read;

/// The chances of a voter to be right.
const CHANCES: [f64; 5] = [0.55, 0.60, 0.70, 0.80, 0.90];

/// The mean number of votes until a vote of up to `n` voters is over, and how often it is right, for
/// each of `CHANCES`; a tie is a toss. Exact: every sequence of right and wrong, where sequences
/// with the same `place` go on as one.
fn walk(stop: StopRule, n: usize, place: impl Fn(&[bool]) -> usize) -> [(f64, f64); 5] {
    let says = |right: bool| Vote { raw: if right { "right" } else { "wrong" }, confidence: None };
    let mut sums = [(0.0, 0.0); 5];
    let mut open = vec![(Vec::new(), [1.0; 5])];
    while !open.is_empty() {
        let mut next: BTreeMap<usize, (Vec<bool>, [f64; 5])> = BTreeMap::new();
        for (said, chances) in open {
            let ballots: Vec<Option<Ballot>> = said.iter().map(|right| Some(read(says(*right)))).collect();
            if let Decision::Stop { counted, rule } =
                decide(stop, Rule::Plurality, &ballots, (n - said.len()) as u32)
            {
                let votes: Vec<Option<Vote>> = said[counted].iter().map(|right| Some(says(*right))).collect();
                let is_right = match result(&votes, rule) {
                    Some((_, Some(winner))) => f64::from(winner == "right"),
                    _ => 0.5,
                };
                for (sum, chance) in sums.iter_mut().zip(chances) {
                    sum.0 += chance * said.len() as f64;
                    sum.1 += chance * is_right;
                }
                continue;
            }
            for right in [true, false] {
                let said = [said.as_slice(), &[right]].concat();
                let (_, to) = next.entry(place(&said)).or_insert_with(|| (said, [0.0; 5]));
                for (i, p) in CHANCES.iter().enumerate() {
                    to[i] += chances[i] * if right { *p } else { 1.0 - p };
                }
            }
        }
        open = next.into_values().collect();
    }
    sums
}

fn n_right(said: &[bool]) -> usize {
    said.iter().filter(|right| **right).count()
}

/// A place of its own for every sequence.
fn sequence(said: &[bool]) -> usize {
    said.iter().fold(1, |place, right| 2 * place + usize::from(*right))
}

/// A column for each number of voters, a row for each of `CHANCES`: the votes until it is over.
const N_VOTERS: [usize; 7] = [3, 5, 7, 9, 15, 21, 41];
type Table = [[f64; 7]; 5];

/// Up to nine voters by every sequence, for more by their numbers of right and wrong.
#[track_caller]
fn check_table(stop: StopRule, n_votes: &Table, accuracy: Option<&Table>) {
    for (column, n) in N_VOTERS.into_iter().enumerate() {
        let found = if n <= 9 { walk(stop, n, sequence) } else { walk(stop, n, n_right) };
        for (row, (votes, right)) in found.into_iter().enumerate() {
            let case = format!("{stop:?}, {n} voters, {}: {votes}, {right}", CHANCES[row]);
            assert!((votes - n_votes[row][column]).abs() < 5.1e-6, "{case}");
            assert!(accuracy.is_none_or(|table| (right - table[row][column]).abs() < 5.1e-7), "{case}");
        }
    }
}

/// Worked out apart, exactly, by recurrence over the counts of a vote. What is decided is right as
/// often as the full vote, whose share is the binomial sum of Condorcet's theorem.
#[test]
fn decided_takes_as_many_votes_as_in_theory() {
    let n_votes = [
        [2.49500, 4.11004, 5.78327, 7.49175, 12.73681, 18.08031, 36.17678],
        [2.48000, 4.06560, 5.69728, 7.35384, 12.39291, 17.47182, 34.41707],
        [2.42000, 3.89460, 5.37802, 6.85866, 11.26347, 15.62006, 29.98556],
        [2.32000, 3.63360, 4.92672, 6.20428, 9.98900, 13.74734, 26.24998],
        [2.18000, 3.31860, 4.43938, 5.55382, 8.88882, 12.22222, 23.33333],
    ];
    let accuracy = [
        [0.574750, 0.593127, 0.608288, 0.621421, 0.653504, 0.679003, 0.740812],
        [0.648000, 0.682560, 0.710208, 0.733432, 0.786897, 0.825622, 0.903483],
        [0.784000, 0.836920, 0.873964, 0.901191, 0.949987, 0.973610, 0.996430],
        [0.896000, 0.942080, 0.966656, 0.980419, 0.995760, 0.999030, 0.999992],
        [0.972000, 0.991440, 0.997272, 0.999109, 0.999966, 0.999999, 1.000000],
    ];
    check_table(StopRule::Decided, &n_votes, Some(&accuracy));
}

/// Worked out apart, exactly, by recurrence over the counts of a vote; the rule is that of adaptive
/// consistency (Aggarwal et al. 2023, arXiv:2305.11860) at 0.95.
#[test]
fn beta_takes_as_many_votes_as_in_theory() {
    let n_votes = [
        [3.0, 4.86749, 6.60246, 8.20125, 12.65520, 16.62422, 28.01236],
        [3.0, 4.84480, 6.53440, 8.05504, 12.16864, 15.63240, 24.53687],
        [3.0, 4.75180, 6.25540, 7.47256, 10.36477, 12.23924, 15.19411],
        [3.0, 4.58880, 5.76640, 6.52416, 7.90978, 8.40867, 8.72004],
        [3.0, 4.34380, 5.03140, 5.29384, 5.59146, 5.61824, 5.62176],
    ];
    let accuracy = [
        [0.574750, 0.593127, 0.608288, 0.621046, 0.650994, 0.673492, 0.723309],
        [0.648000, 0.682560, 0.710208, 0.732769, 0.782697, 0.816877, 0.879831],
        [0.784000, 0.836920, 0.873964, 0.900413, 0.946065, 0.966948, 0.985636],
        [0.896000, 0.942080, 0.966656, 0.980025, 0.994429, 0.997329, 0.998130],
        [0.972000, 0.991440, 0.997272, 0.999057, 0.999866, 0.999895, 0.999896],
    ];
    check_table(StopRule::Beta, &n_votes, Some(&accuracy));
}

/// As the two before, stopping at whichever comes first.
#[test]
fn either_takes_as_many_votes_as_in_theory() {
    let n_votes = [
        [2.49500, 4.11004, 5.78327, 7.24190, 11.49685, 15.32868, 26.37252],
        [2.48000, 4.06560, 5.69728, 7.08103, 11.02469, 14.39224, 23.12594],
        [2.42000, 3.89460, 5.37802, 6.49403, 9.40384, 11.38790, 14.72732],
        [2.32000, 3.63360, 4.92672, 5.68706, 7.40056, 8.13883, 8.69562],
        [2.18000, 3.31860, 4.43938, 4.82442, 5.49952, 5.60293, 5.62174],
    ];
    check_table(StopRule::Either, &n_votes, None);
}

/// Worked out apart, exactly, window by window; the rule is early-stopping self-consistency
/// (Li et al. 2024, arXiv:2401.10480).
#[test]
fn esc_takes_as_many_votes_as_in_theory() {
    let table = [
        (40, 5, [31.5874, 29.6259, 22.7523, 14.6100, 8.4607], [0.71669, 0.87279, 0.98602, 0.99906, 0.99998]),
        (15, 5, [13.9919, 13.7187, 12.5879, 10.6179, 7.8860], [0.65262, 0.78544, 0.94876, 0.99543, 0.99995]),
        (40, 3, [11.4076, 10.5646, 8.0881, 5.7688, 4.1096], [0.64607, 0.77142, 0.92705, 0.98462, 0.99863]),
    ];
    for (n, window, n_votes, accuracy) in table {
        // How many are right in the windows before, and in the one at hand, which may be full.
        let place = |said: &[bool]| {
            let (whole, rest) = said.split_at((said.len() - 1) / window * window);
            n_right(whole) * (window + 1) + n_right(rest)
        };
        let found = walk(StopRule::Esc { window: window as u32 }, n, place);
        for (i, (votes, right)) in found.into_iter().enumerate() {
            let case = format!("{n} by {window}, {}: {votes}, {right}", CHANCES[i]);
            assert!((votes - n_votes[i]).abs() < 5.1e-5 && (right - accuracy[i]).abs() < 5.1e-6, "{case}");
        }
    }
}
