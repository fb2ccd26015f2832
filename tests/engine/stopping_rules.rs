//! When a vote is over: against exact numbers, and against every vote there can be.

use std::collections::BTreeMap;

use fanout::engine::patterns::voting::reading::Reading;
use fanout::engine::patterns::voting::rule::Rule;
use fanout::engine::patterns::voting::stop::{Decision, StopRule, certainty, decide};
use fanout::engine::patterns::voting::tally::{Ballot, Verdict, Vote, tally};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::voters::{ballots, read, vote};

/// After how many of the arrivals the vote is over, with `n_later` voters behind them.
fn stops_after(stop: StopRule, rule: Rule, said: &str, n_later: u32) -> Option<usize> {
    let ballots = ballots(said);
    (0..=ballots.len()).find(|n| {
        let n_to_come = (ballots.len() - n) as u32 + n_later;
        decide(stop, rule, &ballots[..*n], n_to_come) != Decision::GoOn
    })
}

#[track_caller]
fn check(stop: StopRule, rule: Rule, said: &str, n_later: u32, expected: Option<usize>) {
    let found = stops_after(stop, rule, said, n_later);
    assert_eq!(found, expected, "{stop:?} {rule:?} {said} and {n_later} more");
}

/// ESC over these arrivals and no more: after how many it stops, and which of them count.
#[track_caller]
fn check_esc(window: u32, said: &str, n_arrived: usize, counted: &str) {
    let (ballots, all) = (ballots(said), said.split_whitespace().collect::<Vec<_>>());
    let stop = StopRule::Esc { window };
    let stopped = (0..=all.len()).find_map(|n| {
        match decide(stop, Rule::Plurality, &ballots[..n], (all.len() - n) as u32) {
            Decision::GoOn => None,
            Decision::Stop { counted, rule } => Some((n, all[counted].join(" "), rule)),
        }
    });
    assert_eq!(stopped, Some((n_arrived, counted.to_string(), Rule::Plurality)), "{window}: {said}");
}

#[test]
fn a_plurality_is_decided_when_nobody_can_draw_level() {
    let check = |said, n_later, expected| check(StopRule::Decided, Rule::Plurality, said, n_later, expected);
    check("a a", 1, Some(2));
    check("a b a", 1, None);
    check("a b a", 0, Some(3));
    check("a b a a", 1, Some(4));
    check("? - a", 1, None);
    check("? - a", 0, Some(3));
    check("a a a b c", 1, Some(5));
}

#[test]
fn a_majority_is_decided_when_it_is_sure_or_out_of_reach() {
    let check = |said, n_later, expected| check(StopRule::Decided, Rule::Majority, said, n_later, expected);
    check("a a", 1, Some(2));
    check("a a b", 1, None);
    check("a b c", 1, Some(3));
    check("a b c d", 2, Some(4));
    check("a b c", 2, None);
    check("a ?", 1, None);
}

#[test]
fn unanimity_is_lost_with_the_second_answer() {
    let check = |said, n_later, expected| check(StopRule::Decided, Rule::Unanimity, said, n_later, expected);
    check("a a ? a b", 30, Some(5));
    check("a a a a a", 1, None);
}

/// Guards against a lead in votes taken for a lead in weight, and against votes that speak against
/// the answer they are for.
#[test]
fn a_weighted_vote_is_decided_when_no_weight_can_turn_it() {
    let check = |rule, said, n_later, expected| check(StopRule::Decided, rule, said, n_later, expected);
    check(Rule::LogOdds, "a.9 a.9", 1, None);
    check(Rule::LogOdds, "a.9 a.9 a.9", 1, Some(3));
    check(Rule::LogOdds, "a1", 1, None);
    check(Rule::LogOdds, "a1 a.51", 1, Some(2));
    check(Rule::LogOdds, "a1 a.51 b.1", 2, None);
    check(Rule::LogOdds, "b0 b0 a.9", 1, None);
    check(Rule::LogOdds, "a a a a", 1, None);
    check(Rule::Softmax, "a1", 1, None);
    check(Rule::Softmax, "a1 a", 1, Some(2));
    check(Rule::Softmax, "a a", 1, None);
    check(Rule::Softmax, "a a a b", 1, None);
}

#[test]
fn with_nobody_to_come_every_vote_is_over() {
    let stops = [StopRule::None, StopRule::Decided, StopRule::Beta, StopRule::Either];
    for stop in stops.into_iter().chain([0, 1, 5].map(|window| StopRule::Esc { window })) {
        for said in ["", "-", "?", "a b", "? ? ? ? ?"] {
            let all = Decision::Stop { counted: 0..ballots(said).len(), rule: Rule::Plurality };
            let found = decide(stop, Rule::Plurality, &ballots(said), 0);
            let is_over = matches!(found, Decision::Stop { .. });
            assert!(if said == "a b" { is_over } else { found == all }, "{stop:?} {said}: {found:?}");
        }
    }
    check(StopRule::None, Rule::Plurality, "a a a a a a a a", 1, None);
}

#[test]
fn beta_is_sure_of_the_numbers_in_theory() {
    assert_eq!([certainty(3, 0), certainty(4, 0), certainty(2, 2)], [15.0 / 16.0, 31.0 / 32.0, 0.5]);
    let table: [(f64, [u32; 21]); 4] = [
        (0.80, [2, 3, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26]),
        (0.90, [3, 5, 6, 8, 9, 11, 12, 13, 15, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27, 28, 30]),
        (0.95, [4, 6, 8, 9, 11, 12, 14, 15, 17, 18, 19, 21, 22, 23, 25, 26, 27, 29, 30, 31, 32]),
        (0.99, [6, 9, 11, 13, 14, 16, 18, 19, 21, 23, 24, 26, 27, 28, 30, 31, 33, 34, 35, 37, 38]),
    ];
    for (sure, leaders) in table {
        for (runner_up, expected) in (0..).zip(leaders) {
            let least = (runner_up..).find(|leader| certainty(*leader, runner_up) >= sure);
            assert_eq!(least, Some(expected), "{sure} against {runner_up}");
        }
    }
}

/// Guards against Beta asked about weights, about a third answer, or about voters who said nothing.
#[test]
fn beta_looks_at_the_two_largest_heaps_only() {
    for rule in [Rule::Plurality, Rule::LogOdds] {
        check(StopRule::Beta, rule, "a - a ? a a", 30, Some(6));
        check(StopRule::Beta, rule, "a b c d a a a a", 30, None);
        check(StopRule::Beta, rule, "a b c d a a a a a", 30, Some(9));
        check(StopRule::Beta, rule, "? ? ? ? ?", 30, None);
    }
}

/// Guards against Beta alone, which waits for a fourth vote where three are all there are.
#[test]
fn either_stops_at_the_first_of_both() {
    check(StopRule::Beta, Rule::Plurality, "a a", 1, None);
    check(StopRule::Either, Rule::Plurality, "a a", 1, Some(2));
    check(StopRule::Either, Rule::Plurality, "a a a a", 30, Some(4));
}

/// Guards against the count of all votes given as the answer, where ESC gives the window's.
#[test]
fn esc_stops_at_the_first_window_that_agrees() {
    check_esc(3, "a a a a a a", 3, "a a a");
    check_esc(3, "b a a a b b b a a", 9, "b a a a b b b a a");
    check_esc(2, "a b a c a d b b a", 8, "b b");
    check_esc(1, "a b", 1, "a");
    check_esc(0, "a b", 1, "a");
}

/// Guards against a window that begins with every vote, which would stop after `b a a a`.
#[test]
fn windows_of_esc_do_not_overlap() {
    check_esc(3, "b a a a b a b", 6, "b a a a b a");
}

/// Guards against waiting for votes that no whole window can use: of 41, ESC by fives asks 40.
#[test]
fn esc_counts_whole_windows_only() {
    let mixed = ["a b a b c"; 8].join(" ");
    check_esc(5, &format!("{mixed} a"), 40, &mixed);
    check_esc(3, "a b a b c b c c", 6, "a b a b c b");
    check_esc(3, "a b a b - -", 5, "a b a");
    check_esc(5, "a a b", 3, "a a b");
    check_esc(2, "- a -", 3, "- a -");
}

#[test]
fn a_failed_voter_is_no_sample_of_esc_and_an_abstention_no_agreement() {
    check_esc(3, "a - a - a b", 5, "a - a - a");
    check_esc(2, "- - a a b", 4, "- - a a");
    check_esc(2, "? ? a a b", 4, "a a");
    check_esc(2, "? a a ? a b", 6, "? a a ? a b");
    check_esc(2, "a ? ? ? b b", 6, "b b");
}

/// What came of a vote; none where nobody voted.
type Result = Option<(Verdict, Option<String>)>;

fn result(votes: &[Option<Vote>], rule: Rule) -> Result {
    let tally = tally(votes, &[], Reading::default(), rule)?;
    let wins = tally.verdict == Verdict::Winner;
    Some((tally.verdict, tally.buckets.into_iter().next().filter(|_| wins).map(|bucket| bucket.key)))
}

/// Every vote there can be, up to the names of the answers.
struct EveryVote {
    rule: Rule,
    /// What a voter can say; those who say the same answer with other confidences stand together.
    sayings: Vec<Vec<Option<Vote<'static>>>>,
    n_voters: usize,
    votes: Vec<Option<Vote<'static>>>,
    ballots: Vec<Option<Ballot>>,
    n_stopped_early: u32,
}

impl EveryVote {
    /// Checks all votes that go on from here, and gives back what can come of them. A new answer is
    /// tried under one name only.
    fn go_on(&mut self, n_answers: usize) -> Vec<Result> {
        let n_to_come = self.n_voters - self.votes.len();
        if n_to_come == 0 {
            return vec![result(&self.votes, self.rule)];
        }
        let mut possible: Vec<Result> = Vec::new();
        for i in 0..self.sayings.len().min(n_answers + 2) {
            for vote in self.sayings[i].clone() {
                self.votes.push(vote);
                self.ballots.push(vote.map(read));
                for result in self.go_on(n_answers.max(i)) {
                    if !possible.contains(&result) {
                        possible.push(result);
                    }
                }
                self.votes.pop();
                self.ballots.pop();
            }
        }
        let stops = decide(StopRule::Decided, self.rule, &self.ballots, n_to_come as u32) != Decision::GoOn;
        if stops {
            let now = [result(&self.votes, self.rule)];
            assert_eq!(possible, now, "{:?} loses something after {:?}", self.rule, self.votes);
            self.n_stopped_early += 1;
        } else if !self.rule.is_weighted() {
            assert!(possible.len() > 1, "{:?} waits for nothing after {:?}", self.rule, self.votes);
        }
        possible
    }
}

/// Stopping by `Decided` gives what the full vote gives, whatever is said; and where no weights
/// are, it does so at the first vote after which that is so.
fn check_every_vote(rule: Rule, n_voters: usize, confidences: &[&str]) {
    let say = |answer: &str| {
        let each = confidences.iter().map(|share| vote(String::leak(format!("{answer}{share}"))));
        each.collect::<Vec<_>>()
    };
    let mut n_stopped_early = 0;
    for n_voters in 1..=n_voters {
        let sayings = vec![vec![vote("?"), vote("-")], say("a"), say("b"), say("c")];
        let (votes, ballots) = (Vec::new(), Vec::new());
        let mut every = EveryVote { rule, sayings, n_voters, votes, ballots, n_stopped_early: 0 };
        every.go_on(0);
        n_stopped_early += every.n_stopped_early;
    }
    assert!(n_stopped_early > 0, "{rule:?} never stops early");
}

#[test]
fn stopping_a_decided_plurality_loses_nothing() {
    check_every_vote(Rule::Plurality, 7, &[""]);
}

#[test]
fn stopping_a_decided_majority_loses_nothing() {
    check_every_vote(Rule::Majority, 7, &[""]);
}

#[test]
fn stopping_a_decided_unanimity_loses_nothing() {
    check_every_vote(Rule::Unanimity, 7, &[""]);
}

#[test]
fn stopping_a_decided_vote_by_log_odds_loses_nothing() {
    check_every_vote(Rule::LogOdds, 7, &[".8"]);
}

/// Guards against a bound that forgets how much a vote can take away.
#[test]
fn stopping_a_decided_vote_by_log_odds_reckons_with_every_weight() {
    check_every_vote(Rule::LogOdds, 4, &["", "0", ".8", "1"]);
}

#[test]
fn stopping_a_decided_vote_by_softmax_loses_nothing() {
    check_every_vote(Rule::Softmax, 7, &["1"]);
}

#[test]
fn stopping_a_decided_vote_by_softmax_reckons_with_every_weight() {
    check_every_vote(Rule::Softmax, 4, &["", ".5", "1"]);
}

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
