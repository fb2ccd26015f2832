//! Sentences for people: what went wrong, what to do, what came out.

use fanout::analysis::words::{failed, graded, makeup, met, no_outcome, verdict};
use fanout::engine::call::{CallError, Wait};
use fanout::engine::patterns::voting::reading::Reading;
use fanout::engine::patterns::voting::rule::Rule;
use fanout::engine::patterns::voting::tally::{Vote, tally};
use fanout::engine::patterns::{NoOutcome, Planned};
use fanout::engine::retry::GaveUp;
use fanout::engine::run::Failed;
use fanout::scenario::ArmKind;

use crate::traces::scenario;

#[track_caller]
fn check(said: &str, expected: &str) {
    assert_eq!(said, expected);
}

fn server() -> CallError {
    CallError::Server { status: 503, message: " overloaded ".into() }
}

fn refused(wait: Wait) -> CallError {
    CallError::Refused { status: 429, wait, message: String::new() }
}

#[test]
fn each_error_says_what_was_met() {
    let message = || "no such model".to_string();
    for (error, expected) in [
        (server(), "The server failed (503): “overloaded”."),
        (refused(Wait::Unsaid), "Refused by the provider’s limit (429)."),
        (
            refused(Wait::Header { us: 2_000_000 }),
            "Refused by the provider’s limit (429; it asks to wait 2.0 s).",
        ),
        (
            CallError::Unreachable { message: "the server did not answer.".into() },
            "The server did not answer.",
        ),
        (
            CallError::TimedOut { after_us: 60_000_000 },
            "No answer within 1 min 00 s. Whether it is billed is unknown.",
        ),
        (
            CallError::Unauthorized { status: 401, message: String::new() },
            "The key was not accepted (401). Check it under Settings.",
        ),
        (
            CallError::OutOfQuota { status: 429, message: String::new() },
            "The account has no quota left (429). Waiting does not help.",
        ),
        (
            CallError::Rejected { status: 404, message: message() },
            "The server rejected the request (404): “no such model”. Check the model and the Base URL under Settings.",
        ),
        // Guards against a server that is said to have rejected what never left.
        (
            CallError::Rejected { status: 0, message: "the browser does not let this page out".into() },
            "The browser does not let this page out.",
        ),
        (CallError::Malformed { message: "no choices".into() }, "The reply could not be read: no choices."),
        (CallError::Truncated { partial: "日本".into() }, "The reply broke off after 2 characters."),
    ] {
        check(&met(&error), expected);
    }
}

#[test]
fn a_call_that_gave_up_says_why() {
    let of = |gave_up, error: Option<CallError>| failed(&Failed { gave_up, error: error.map(Box::new) });
    check(&of(GaveUp::Cancelled, None), "Stopped before it was done.");
    check(&of(GaveUp::Final, None), "Nothing was sent.");
    check(
        &of(GaveUp::AttemptsUsed { attempts: 1 }, Some(server())),
        "The server failed (503): “overloaded”.",
    );
    check(
        &of(GaveUp::AttemptsUsed { attempts: 3 }, Some(server())),
        "The server failed (503): “overloaded”. Given up after 3 attempts.",
    );
    check(
        &of(GaveUp::RefusalsUsed { refusals: 11 }, Some(refused(Wait::Unsaid))),
        "Refused by the provider’s limit (429). Given up after 11 refusals. Lower Concurrency, or ask first.",
    );
    check(
        &of(GaveUp::WaitTooLong { wait_us: 3_600_000_000 }, Some(refused(Wait::Unsaid))),
        "Refused by the provider’s limit (429). It would be possible again in 1 h 00 min, which nobody waits for.",
    );
}

#[test]
fn no_outcome_says_why() {
    check(
        &no_outcome(&NoOutcome::NothingArrived, &[]),
        "No outcome: not one call brought a result, so the aggregator was not called.",
    );
    let gave_up = Failed { gave_up: GaveUp::Final, error: Some(Box::new(server())) };
    check(
        &no_outcome(&NoOutcome::AggregatorFailed(gave_up), &[]),
        "No outcome: the aggregator failed. The server failed (503): “overloaded”.",
    );
    check(&no_outcome(&NoOutcome::Stopped, &[]), "No outcome: stopped before the aggregator was done.");
}

fn counted(rule: Rule, votes: &[(&str, f64)]) -> String {
    let votes: Vec<Option<Vote>> =
        votes.iter().map(|(raw, confidence)| Some(Vote { raw, confidence: Some(*confidence) })).collect();
    verdict(&tally(&votes, &Reading::default().of(&[]), rule).expect("votes"))
}

#[test]
fn a_count_is_told_with_its_tie() {
    for (answers, expected) in [
        (&["a"][..], "a: 1 of 1 vote"),
        (&["b", "a", "A"], "a: 2 of 3 votes"),
        (&["b", "a"], "A tie, no winner: b and a with 1 of 2 votes each"),
        (&["b", "a", "c", "a", "b"], "A tie, no winner: b and a with 2 of 5 votes each"),
        (&["x", "y", "z"], "A tie, no winner: x and y and z with 1 of 3 votes each"),
        (&["a", "unknown"], "a: 1 of 1 vote"),
        (&["unknown"], "No winner: nobody gave an answer"),
        // The numbers keep their places beside an answer that is written the other way.
        (&["القاهرة", "Paris", "القاهرة"], "\u{2068}القاهرة\u{2069}: 2 of 3 votes"),
    ] {
        let votes: Vec<(&str, f64)> = answers.iter().map(|answer| (*answer, 0.5)).collect();
        check(&counted(Rule::Plurality, &votes), expected);
    }
}

/// Guards against a wrong answer that wins and nobody is told.
#[test]
fn a_count_is_held_against_the_right_answer() {
    for (answers, right, expected) in [
        (&["a", "a", "b"][..], "a", "In this simulation that is right."),
        (&["a", "a", "b"], " b", "In this simulation that is wrong: b is right."),
        (&["a", "b"], "b", "In this simulation b is right."),
    ] {
        let votes: Vec<Option<Vote>> =
            answers.iter().map(|raw| Some(Vote { raw, confidence: None })).collect();
        let tally = tally(&votes, &Reading::default().of(&[]), Rule::Plurality).expect("votes");
        check(&graded(&tally, right), expected);
    }
}

/// Guards against a leader told as the winner, and against numbers of votes told as the reason.
#[test]
fn a_count_by_another_rule_says_what_decided() {
    for (rule, votes, expected) in [
        (Rule::Majority, &[("a", 0.9), ("a", 0.9), ("b", 0.9)][..], "a: 2 of 3 votes"),
        (
            Rule::Majority,
            &[("a", 0.9), ("b", 0.9)],
            "No majority, no winner: a and b lead with 1 of 2 votes each",
        ),
        (
            Rule::Unanimity,
            &[("b", 0.9), ("a", 0.9), ("a", 0.9)],
            "Not unanimous, no winner: a leads with 2 of 3 votes",
        ),
        (Rule::LogOdds, &[("b", 0.6), ("a", 0.9), ("b", 0.6)], "a: the most weight, with 1 of 3 votes"),
        (Rule::Softmax, &[("b", 0.9), ("a", 0.9)], "A tie, no winner: b and a with equal weight"),
        (
            Rule::LogOdds,
            &[("b", 0.3)],
            "No winner: by the voters’ own confidence, no answer is more likely right than wrong",
        ),
    ] {
        check(&counted(rule, votes), expected);
    }
}

fn makeup_of(kind: ArmKind, n: usize) -> String {
    let scenario = scenario(|draft| {
        draft.sectioning.sections.truncate(n);
        draft.voting.votes = n as u32;
        draft.map_reduce.documents.truncate(n);
    });
    let plan: Vec<Planned> = scenario.arm(kind).expect("it can run").plan();
    makeup(&plan)
}

#[test]
fn an_arm_is_told_by_what_it_consists_of() {
    for (kind, n, expected) in [
        (ArmKind::Sectioning, 1, "1 section, then a synthesis"),
        (ArmKind::Sectioning, 6, "6 sections, then a synthesis"),
        (ArmKind::Voting, 1, "1 vote, then a count"),
        (ArmKind::Voting, 5, "5 votes, then a count"),
        (ArmKind::MapReduce, 1, "1 document"),
        (ArmKind::MapReduce, 4, "4 documents, then one reduce"),
        (ArmKind::MapReduce, 12, "12 documents, then 4 reduces"),
    ] {
        check(&makeup_of(kind, n), expected);
    }
}
