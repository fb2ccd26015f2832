//! Who wins by which rule: thresholds, weights, abstentions.

use fanout::engine::patterns::voting::reading::Reading;
use fanout::engine::patterns::voting::rule::Rule;
use fanout::engine::patterns::voting::tally::{Tally, Verdict, Vote, tally};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::voters::votes;

const RULES: [Rule; 5] = [Rule::Plurality, Rule::Majority, Rule::Unanimity, Rule::LogOdds, Rule::Softmax];
const WINNER: Verdict = Verdict::Winner;
const SHORT: Verdict = Verdict::Short;

const fn tie(n_tied: usize) -> Verdict {
    Verdict::Tie { n_tied }
}

fn count(votes: &[Option<Vote>], rule: Rule) -> Tally {
    tally(votes, &Reading::default().of(&[]), rule).expect("somebody voted")
}

/// The answers in the order of the buckets are those of `ranked`.
#[track_caller]
fn check(rule: Rule, said: &str, ranked: &str, verdict: Verdict) -> Tally {
    let tally = count(&votes(said), rule);
    let answers: String = tally.buckets.iter().map(|bucket| bucket.answer.as_str()).collect();
    assert_eq!((answers.as_str(), tally.verdict, tally.rule), (ranked, verdict, rule), "{said}");
    tally
}

#[track_caller]
fn check_scores(rule: Rule, said: &str, expected: &[f64]) {
    let scores: Vec<f64> = count(&votes(said), rule).buckets.iter().map(|bucket| bucket.score).collect();
    let near = scores.iter().zip(expected).all(|(score, expected)| (score - expected).abs() < 1e-12);
    assert!(near && scores.len() == expected.len(), "{said}: {scores:?}, not {expected:?}");
}

/// Guards against half of the votes taken for most of them, and against silence counted against the leader.
#[test]
fn a_majority_is_more_than_half_of_those_who_answered() {
    for (said, ranked, verdict) in [
        ("a", "a", WINNER),
        ("a b", "ab", SHORT),
        ("b a b a", "ba", SHORT),
        ("b a a", "ab", WINNER),
        ("a a b c", "abc", SHORT),
        ("a a b ?", "ab", WINNER),
        ("a a b -", "ab", WINNER),
        ("? ? ? - a", "a", WINNER),
    ] {
        check(Rule::Majority, said, ranked, verdict);
    }
}

#[test]
fn unanimity_does_not_ask_who_is_silent() {
    for (said, ranked, verdict) in
        [("a", "a", WINNER), ("a - a ? a", "a", WINNER), ("a a b", "ab", SHORT), ("b a a", "ab", SHORT)]
    {
        check(Rule::Unanimity, said, ranked, verdict);
    }
}

/// Guards against a panic, or a failed arm, where all voters answered that they do not know.
#[test]
fn a_vote_of_abstentions_is_a_count_without_a_winner() {
    for rule in RULES {
        let all = check(rule, "? - ?", "", SHORT);
        assert_eq!((all.abstained, all.unweighted), (vec![0, 2], 0));
        assert_eq!(tally(&[None], &Reading::default().of(&[]), rule), None);
    }
}

#[test]
fn a_score_is_the_number_of_votes_unless_they_are_weighed() {
    for rule in [Rule::Plurality, Rule::Majority, Rule::Unanimity] {
        check_scores(rule, "a.9 b.1 b", &[2.0, 1.0]);
        assert_eq!(count(&votes("a.9 b.1 b"), rule).unweighted, 0);
    }
    check_scores(Rule::LogOdds, "a.75 b.9 b", &[9_f64.ln(), 3_f64.ln()]);
    check_scores(Rule::Softmax, "a b.5 b1", &[0.5_f64.exp() + 1_f64.exp(), 1.0]);
}

/// Guards against a voter who claims certainty and weighs infinitely much.
#[test]
fn a_confidence_is_taken_for_no_more_than_99_in_100() {
    check(Rule::LogOdds, "a1 b.99", "ab", tie(2));
    check_scores(Rule::LogOdds, "a1", &[99_f64.ln()]);
    check_scores(Rule::LogOdds, "a0", &[-99_f64.ln()]);
    check(Rule::LogOdds, "a1 b.9 b.95", "ba", WINNER);
}

/// Guards against a winner that its own voters think is wrong, and one that nobody vouched for.
#[test]
fn without_a_positive_score_there_is_no_winner_by_log_odds() {
    for (said, ranked, verdict) in [
        ("a.4", "a", SHORT),
        ("a.5 b.5", "ab", SHORT),
        ("a b b", "ab", SHORT),
        ("a.9 a.1 b.4", "ab", SHORT),
        ("b a.51 b", "ab", WINNER),
    ] {
        check(Rule::LogOdds, said, ranked, verdict);
    }
}

/// Guards against rounding that breaks a tie: ln 9 is twice ln 3, and a sum depends on its order.
#[test]
fn equal_weights_tie() {
    check(Rule::LogOdds, "a.9 b.75 b.75", "ab", tie(2));
    check(Rule::LogOdds, "b.6 b.7 b.8 b.9 a.9 a.8 a.7 a.6", "ba", tie(2));
    check(Rule::LogOdds, "b.9 b.8 b.7 b.6 a.6 a.7 a.8 a.9", "ba", tie(2));
    check(Rule::LogOdds, "b.75 b.75 a.9", "ba", tie(2));
    check(Rule::Softmax, "b.1 b.2 b.3 b.7 a.7 a.3 a.2 a.1", "ba", tie(2));
    check(Rule::LogOdds, "b.6 b.7 b.8 b.9 a.9 a.8 a.7 a.600001", "ab", WINNER);
}

#[test]
fn the_surest_voter_can_outweigh_two() {
    check(Rule::Plurality, "a.9 b.6 b.6", "ba", WINNER);
    check(Rule::LogOdds, "b.6 a.9 b.6", "ab", WINNER);
    check(Rule::Softmax, "b0 a1 b0", "ab", WINNER);
    check(Rule::Softmax, "b.4 a1 b.4", "ba", WINNER);
}

/// Guards against votes left out because they state no confidence, or none that is one.
#[test]
fn votes_without_a_confidence_are_counted_and_told() {
    for (said, n_log_odds) in [("a b.9 ? -", 1), ("a1.5 b-.1 bNaN b.5", 3), ("a.5 b.5 ?", 0)] {
        assert_eq!(count(&votes(said), Rule::LogOdds).unweighted, n_log_odds, "{said}");
        assert_eq!(count(&votes(said), Rule::Softmax).unweighted, n_log_odds, "{said}");
    }
    check(Rule::Softmax, "a b", "ab", tie(2));
    check(Rule::Softmax, "a b0", "ab", tie(2));
    check(Rule::Softmax, "a b.1", "ba", WINNER);
    let all = check(Rule::LogOdds, "a b.9 b aNaN", "ba", WINNER);
    assert_eq!(all.buckets.iter().map(|bucket| bucket.voters.clone()).collect::<Vec<_>>(), [[1, 2], [0, 3]]);
}

/// How often voters who are right with these chances are right together; a tie is a toss.
fn accuracy(chances: &[f64], rule: Rule) -> f64 {
    let each_case = (0..1_u32 << chances.len()).map(|case| {
        let is_right = |voter: usize| case >> voter & 1 == 1;
        let votes: Vec<Option<Vote>> = (0..chances.len())
            .map(|voter| {
                let raw = if is_right(voter) { "right" } else { "wrong" };
                Some(Vote { raw, confidence: Some(chances[voter]) })
            })
            .collect();
        let chance: f64 = (0..chances.len())
            .map(|voter| if is_right(voter) { chances[voter] } else { 1.0 - chances[voter] })
            .product();
        let tally = count(&votes, rule);
        chance
            * match tally.verdict {
                Verdict::Winner => f64::from(tally.buckets[0].key == "right"),
                _ => 0.5,
            }
    });
    each_case.sum()
}

/// Weights of ln(p/(1-p)) are the best there are (Nitzan and Paroush 1982): at
/// least as good as the best voter alone, as one vote each is not.
#[test]
fn weighing_by_log_odds_is_as_good_as_the_theory_says() {
    for (chances, plain, weighted) in [
        (&[0.9, 0.6, 0.6][..], 0.792, 0.9),
        (&[0.8, 0.7, 0.6], 0.788, 0.8),
        (&[0.9, 0.8, 0.7, 0.6, 0.55], 0.86072, 0.912),
        (&[0.75, 0.6, 0.6, 0.6, 0.6], 0.7344, 0.7632),
    ] {
        for (rule, expected) in [(Rule::Plurality, plain), (Rule::Majority, plain), (Rule::LogOdds, weighted)]
        {
            let found = accuracy(chances, rule);
            assert!((found - expected).abs() < 1e-12, "{chances:?} {rule:?}: {found}, not {expected}");
        }
    }
}
