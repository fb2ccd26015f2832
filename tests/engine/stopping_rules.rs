//! When a vote is over: against exact numbers, and against every vote there can be.

use fanout::engine::patterns::voting::rule::Rule;
use fanout::engine::patterns::voting::stop::{Decision, StopRule, certainty, decide};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::voters::ballots;

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
