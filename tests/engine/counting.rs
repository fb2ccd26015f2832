//! The count of a vote: which answers are the same, which are none, who won, what a tie is.

use fanout::engine::call::Answer;
use fanout::engine::patterns::voting::reading::Reading;
use fanout::engine::patterns::voting::rule::Rule;
use fanout::engine::patterns::voting::tally::{Ballot, Tally, Verdict, Vote, tally};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn options(options: &[&str]) -> Vec<String> {
    options.iter().map(|option| option.to_string()).collect()
}

/// Counts `answers`; a dash is a voter whose call failed. The buckets are as `expected`.
#[track_caller]
fn check(answers: &[&str], choice: &[&str], expected: &[(&str, &[u32])], verdict: Verdict) -> Tally {
    let votes: Vec<Option<Vote>> =
        answers.iter().map(|raw| (*raw != "-").then_some(Vote { raw, confidence: None })).collect();
    let tally =
        tally(&votes, &Reading::default().of(&options(choice)), Rule::Plurality).expect("somebody voted");
    let buckets: Vec<(&str, &[u32])> =
        tally.buckets.iter().map(|bucket| (bucket.answer.as_str(), bucket.voters.as_slice())).collect();
    assert_eq!(buckets, expected);
    assert_eq!(tally.verdict, verdict);
    tally
}

/// What `answer` is read as; none for an abstention.
#[track_caller]
fn check_key(reading: Reading, answer: &str, choice: &[&str], key: Option<&str>) {
    assert_eq!(reading.of(&options(choice)).key(answer).as_deref(), key, "{answer:?}");
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
    ] {
        check_key(Reading::default(), answer, &[], Some(key));
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
        check_key(Reading::default(), answer, &[], Some(key));
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
    assert_eq!(
        tally.ballots[2],
        Some(Ballot { raw: "a.".to_string(), key: Some("a".to_string()), confidence: None })
    );
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
    let count =
        |votes: &[Option<Vote>]| tally(votes, &Reading::default().of(&options(&["a"])), Rule::Plurality);
    assert_eq!(count(&[]), None);
    assert_eq!(count(&[None, None]), None);
}

/// Guards against abstentions that win as an answer of their own.
#[test]
fn who_says_nothing_is_in_no_bucket() {
    for answer in
        ["", " \n", "I abstain.", "I don’t know!", "**Unknown**", "N/A", "(none)", "CAN'T TELL", "not  sure"]
    {
        check_key(Reading::default(), answer, &[], None);
    }
    for answer in ["I don't know, maybe Mars", "unknown soldier", "nothing", "?", "no"] {
        check_key(Reading::default(), answer, &[], Some(&answer.to_lowercase()));
    }
    let tally = check(&["unknown", "a", "unknown", "-", ""], &[], &[("a", &[1])], WINNER);
    assert_eq!(tally.abstained, [0, 2, 4]);
    let key = |voter: usize| tally.ballots[voter].as_ref().map(|ballot| ballot.key.as_deref());
    assert_eq!([key(0), key(1), key(3)], [Some(None), Some(Some("a")), None]);
}

/// Guards against “none” lost where it is on offer, and “no answer” counted for “no”.
#[test]
fn an_option_is_an_answer_but_its_mention_in_an_abstention_is_none() {
    let fault = ["None", "Brakes", "Unknown"];
    check_key(Reading::default(), "none.", &fault, Some("none"));
    check_key(Reading::default(), "unknown", &fault, Some("unknown"));
    check_key(Reading { options: false, ..Reading::default() }, "unknown", &fault, Some("unknown"));
    check_key(Reading::default(), "N/A", &fault, None);
    check_key(Reading::default(), "No answer.", &["Yes", "No"], None);
    check_key(Reading::default(), "Not sure", &["Sure", "No"], None);
    check_key(Reading::default(), "I do not know", &["I", "II"], None);
}

const NUMBERS: Reading = Reading { case: true, punctuation: true, number: true, options: true };

#[test]
fn an_answer_that_holds_one_number_is_that_number() {
    for (answer, key) in [
        ("42", "42"),
        ("42.0", "42"),
        ("42.", "42"),
        ("042.50", "42.5"),
        ("1,200.50 €", "1200.5"),
        ("1'200", "1200"),
        ("1’200’300", "1200300"),
        ("1_200", "1200"),
        ("1\u{202f}200\u{a0}km", "1200"),
        ("12\u{a0}345", "12345"),
        ("1\u{2009}000\u{2009}000", "1000000"),
        ("$ 42", "42"),
        ("−5", "-5"),
        ("-$5.10", "-5.1"),
        ("$-5", "-5"),
        ("- 5", "5"),
        ("+5", "5"),
        ("-0.00", "0"),
        ("000", "0"),
        (".5", "0.5"),
        ("-.50", "-0.5"),
        ("No.5", "5"),
        ("It is 42 km, I think.", "42"),
        ("(42)", "42"),
        ("42km", "42"),
        ("about ...7", "7"),
        ("COVID-19", "19"),
        ("it is --5", "5"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ] {
        check_key(NUMBERS, answer, &[], Some(key));
    }
}

/// Guards against half a number, and against two answers made one by the digits they share.
#[test]
fn an_answer_whose_digits_are_no_single_number_is_read_as_words() {
    for answer in [
        "5 or 7",
        "3-5",
        "1/2",
        "12:30",
        "2024-05-01",
        "1.2.3",
        "1e5",
        "2x4",
        "co2",
        "h2o",
        "1,5",
        "0,500",
        "12,34",
        "1,2345",
        "1200,500",
        "1.200,50",
        "1,200'300",
        "1 200",
        "10^5",
        "forty-two",
    ] {
        check_key(NUMBERS, answer, &[], Some(answer));
    }
}

/// Guards against 1’200 counted for the option 200, and Model 3 counted with Plan 3.
#[test]
fn an_option_is_found_by_its_number() {
    for (answer, choice, key) in [
        ("1,200.00", &["200", "1200"][..], "1200"),
        ("1’200 €", &["200 €", "1200 €"], "1200"),
        ("1\u{202f}200", &["200", "1200"], "1200"),
        ("about 42.0", &["42 km", "43 km"], "42 km"),
        ("It is Model 3", &["Model 3", "Plan 3"], "model 3"),
        ("plan 3", &["Model 3", "Plan 3"], "plan 3"),
        ("Plan B costs 3 €", &["Model 3", "Plan B"], "plan b"),
        ("3", &["Model 3", "Plan 3"], "3"),
        ("4", &["Model 3", "Plan 3"], "4"),
        ("5, then 9", &["5", "7"], "5"),
    ] {
        check_key(NUMBERS, answer, choice, Some(key));
    }
}

/// Guards against a part of the reading that cannot be left out.
#[test]
fn each_part_of_the_reading_stands_by_itself() {
    let nothing = Reading { case: false, punctuation: false, number: false, options: false };
    for (reading, key) in [
        (nothing, "It is PARIS."),
        (Reading { case: true, ..nothing }, "it is paris."),
        (Reading { punctuation: true, ..nothing }, "It is PARIS"),
        (Reading { number: true, ..nothing }, "It is PARIS."),
        (Reading { options: true, ..nothing }, "PARIS"),
        (Reading { options: true, case: true, ..nothing }, "paris"),
    ] {
        check_key(reading, " It  is PARIS.\n", &["PARIS", "Rome"], Some(key));
    }
    check_key(Reading { options: true, ..nothing }, "paris", &["PARIS", "Rome"], Some("paris"));
}

/// Guards against a second reading that needs the votes of a second run.
#[test]
fn the_same_votes_can_be_read_again() {
    let votes = ["42.0", "42", "42 km"].map(|raw| Some(Vote { raw, confidence: None }));
    let n_buckets = |reading: Reading| {
        tally(&votes, &reading.of(&[]), Rule::Plurality).map(|tally| tally.buckets.len()).unwrap_or_default()
    };
    assert_eq!([n_buckets(Reading::default()), n_buckets(NUMBERS)], [3, 1]);
}

#[test]
fn a_vote_is_read_off_an_answer_with_its_confidence() {
    let vote = |confidence| Answer::Vote { answer: "Mars".to_string(), confidence, reasoning: String::new() };
    for (answer, confidence) in [
        (vote(Some(0.7)), Some(0.7)),
        (vote(None), None),
        (Answer::Text("Mars".to_string()), None),
        (Answer::Summary { summary: "Mars".to_string() }, None),
    ] {
        let read = Vote::of(&answer);
        assert_eq!((read.raw, read.confidence), ("Mars", confidence));
    }
}
