//! The count of a vote: which answers are the same, who won, what a tie is.

use fanout::engine::patterns::voting::{Ballot, Tally, Verdict, normalised, tally};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn options(options: &[&str]) -> Vec<String> {
    options.iter().map(|option| option.to_string()).collect()
}

/// Counts `answers`; a dash is a voter whose call failed. The buckets are as `expected`.
#[track_caller]
fn check(answers: &[&str], choice: &[&str], expected: &[(&str, &[u32])], verdict: Verdict) -> Tally {
    let answers: Vec<Option<&str>> = answers.iter().map(|a| Some(*a).filter(|a| *a != "-")).collect();
    let tally = tally(&answers, &options(choice)).expect("somebody voted");
    let buckets: Vec<(&str, &[u32])> =
        tally.buckets.iter().map(|bucket| (bucket.answer.as_str(), bucket.voters.as_slice())).collect();
    assert_eq!(buckets, expected);
    assert_eq!(tally.verdict, verdict);
    tally
}

const WINNER: Verdict = Verdict::Winner;

#[test]
fn answers_are_compared_without_case_ends_and_spacing() {
    for (answer, key) in [
        ("Paris", "paris"),
        ("  paris.\n", "paris"),
        ("“PARIS!”", "paris"),
        ("**Paris**", "paris"),
        ("(b)", "b"),
        ("New   York\n", "new york"),
        ("St. John's", "st. john's"),
        ("42.", "42"),
        ("3.14", "3.14"),
        ("ÉCOLE", "école"),
        ("東京。", "東京"),
        ("?!", "?!"),
        ("", ""),
    ] {
        assert_eq!(normalised(answer), key, "{answer:?}");
    }
}

/// Guards against −5 counted as 5, and C++ as C.
#[test]
fn signs_that_belong_to_an_answer_are_kept() {
    for (answer, key) in [
        ("-5", "-5"),
        ("−5.", "-5"),
        ("(-5)", "-5"),
        ("- 5", "5"),
        ("-yes", "yes"),
        ("C++.", "c++"),
        ("`C#`", "c#"),
        ("## yes ##", "yes"),
    ] {
        assert_eq!(normalised(answer), key, "{answer:?}");
    }
    check(&["5", "-5", "−5"], &[], &[("-5", &[1, 2]), ("5", &[0])], WINNER);
    check(&["C++", "C", "c++."], &["C", "C++"], &[("C++", &[0, 2]), ("C", &[1])], WINNER);
}

#[test]
fn an_answer_counts_for_the_only_option_it_mentions() {
    let planets = ["Mars", "Venus", "New Earth"];
    for (answer, shown) in [
        ("mars", "Mars"),
        ("It is Mars, I think.", "Mars"),
        ("The answer: new earth!", "New Earth"),
        ("Mars or Venus", "Mars or Venus"),
        ("a marsupial", "a marsupial"),
        ("Earth", "Earth"),
        ("", ""),
    ] {
        check(&[answer], &planets, &[(shown, &[0])], WINNER);
    }
    for (answer, shown) in
        [("about 5", "5"), ("it is -5", "it is -5"), ("0.5", "0.5"), ("5.7 km", "5.7 km"), ("5, then 9", "5")]
    {
        check(&[answer], &["5", "7"], &[(shown, &[0])], WINNER);
    }
    check(&["I take C++ here"], &["C", "Rust"], &[("I take C++ here", &[0])], WINNER);
    check(&["yes", "Yes.", "YES, surely"], &["Yes!", "No"], &[("Yes!", &[0, 1, 2])], WINNER);
}

#[test]
fn three_to_two_has_a_winner() {
    let tally = check(&["b", "A", "a.", "B", "a"], &[], &[("A", &[1, 2, 4]), ("b", &[0, 3])], WINNER);
    assert_eq!(tally.ballots[2], Some(Ballot { raw: "a.".to_string(), key: "a".to_string() }));
}

#[test]
fn a_tie_stands_in_the_order_of_its_first_voters() {
    let tie = |n_tied| Verdict::Tie { n_tied };
    let both: [(&str, &[u32]); 3] = [("c", &[0, 3]), ("a", &[1, 4]), ("b", &[2])];
    check(&["c", "a", "b", "c", "a"], &["a", "b", "c"], &both, tie(2));
    check(&["b", "a"], &[], &[("b", &[0]), ("a", &[1])], tie(2));
    check(&["x", "y", "z"], &[], &[("x", &[0]), ("y", &[1]), ("z", &[2])], tie(3));
    check(&["b", "a", "a"], &[], &[("a", &[1, 2]), ("b", &[0])], WINNER);
}

#[test]
fn a_voter_whose_call_failed_is_not_counted() {
    let tally = check(&["-", "a", "-", "b", "a"], &[], &[("a", &[1, 4]), ("b", &[3])], WINNER);
    assert_eq!(
        tally.ballots.iter().map(Option::is_some).collect::<Vec<_>>(),
        [false, true, false, true, true]
    );
    check(&["-", "a"], &[], &[("a", &[1])], WINNER);
}

#[test]
fn without_a_vote_there_is_no_count() {
    assert_eq!(tally(&[], &[]), None);
    assert_eq!(tally(&[None, None], &options(&["a"])), None);
}
