//! The three patterns: which calls are made, what each is sent, what comes of them.

use std::sync::Arc;

use fanout::engine::call::{Answer, Request, Task};
use fanout::engine::failure::FailurePolicy;
use fanout::engine::patterns::map_reduce::count_words;
use fanout::engine::patterns::prompt::variables;
use fanout::engine::patterns::voting::Voting;
use fanout::engine::patterns::{NoOutcome, Outcome, Pattern, Role};
use fanout::engine::trace::End;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scene::{
    aggregators_fail, last_first, map_reduce, play, prompt, second_fails, sectioning, voting, workers_fail,
};

/// Guards against a value that is taken for a variable, and against braces that are none.
#[test]
fn prompts_are_filled_in_one_pass() {
    let values = [("a", "{b}"), ("b", "{a}{b}"), ("ab", "x")];
    for (template, filled) in [
        ("", ""),
        ("{a}", "{b}"),
        ("{b}{a}{b}", "{a}{b}{b}{a}{b}"),
        ("{ab}{c}", "x{c}"),
        ("{{a}}", "{{b}}"),
        ("{a {b} }", "{a {a}{b} }"),
        ("{", "{"),
        ("}{a", "}{a"),
        ("{ a }{A}", "{ a }{A}"),
        ("é{a}語", "é{b}語"),
    ] {
        assert_eq!(prompt(template).fill(&values).user, filled, "{template}");
    }
    assert_eq!(variables("{topic} {x{results}} {topic} {} { a } {A} {a_b"), ["topic", "results"]);
}

#[test]
fn values_that_look_like_variables_are_sent_as_they_stand() {
    let played = play(sectioning(&["{topic}", "{results}"]), last_first, None);
    assert_eq!(played.sent(0), "rivers/{topic}");
    assert!(played.sent(2).contains("### {results}\non {results}"), "{}", played.sent(2));
    assert_eq!(play(map_reduce(&["{id}"], 2), last_first, None).sent(0), "d0/{id}");
}

/// Every voter is asked the same, with the options by name where there are any, and so is one call
/// for the whole.
#[test]
fn voters_are_asked_the_question_with_its_options() {
    let question = "is it?\nAnswer with one of these:\n- yes\n- no";
    let played = play(voting(2), last_first, None);
    assert_eq!([played.sent(0), played.sent(1)], [question; 2]);
    let Pattern::Voting(voting) = voting(2) else { panic!("it is a vote") };
    let whole = voting.whole(7);
    assert_eq!((whole.prompt.user.as_str(), whole.max_tokens), (question, 10));
    let free = Voting { options: Arc::new([]), ..voting };
    assert_eq!(free.whole(7).prompt.user, "is it?");
    assert_eq!(free.n_calls(), 2);
}

#[test]
fn the_aggregator_gets_its_inputs_in_input_order() {
    let played = play(sectioning(&["A", "B", "C"]), last_first, None);
    assert_eq!(played.order, [2, 1, 0, 3]);
    let section = |name| format!("### {name}\non {name}\nKey points:\n- a point");
    assert_eq!(played.sent(3), format!("rivers:\n{}\n\n{}\n\n{}", section("A"), section("B"), section("C")));
    assert_eq!(played.merged().coverage.used, ["A", "B", "C"].map(Arc::from));
    let played = play(map_reduce(&["a", "b", "c"], 2), last_first, None);
    assert_eq!(played.order[..2], [2, 1]);
    assert_eq!(played.sent(3), "2 documents, 2 words in all.\n\n### d0\nof a\n\n### d1\nof b");
    assert_eq!(played.sent(4), "3 documents, 3 words in all.\n\n### d0, d1\nall\n\n### d2\nof c");
}

#[test]
fn the_aggregator_is_told_by_name_what_is_missing() {
    let missing = "Missing, because the call for it brought nothing: ";
    let played = play(sectioning(&["A", "B", "C"]), second_fails, None);
    assert!(played.sent(3).ends_with(&format!("{missing}B")), "{}", played.sent(3));
    assert_eq!(played.merged().coverage.missing, ["B"].map(Arc::from));
    let played = play(map_reduce(&["a b", "c", "d"], 2), second_fails, None);
    assert_eq!(played.sent(3), format!("1 documents, 2 words in all.\n\n### d0\nof a b\n\n{missing}d1"));
    assert!(played.sent(4).ends_with(&format!("{missing}d1")), "{}", played.sent(4));
    assert_eq!(played.merged().words, Some(3));
}

#[test]
fn an_aggregator_is_never_called_with_nothing() {
    for (pattern, aggregators) in
        [(sectioning(&["A", "B"]), vec![2]), (map_reduce(&["a", "b", "c", "d"], 2), vec![4, 5, 6])]
    {
        let played = play(pattern, workers_fail, None);
        assert_eq!(played.outcome, Outcome::None(NoOutcome::NothingArrived));
        for call in aggregators {
            assert_eq!(played.ends[call], Some(End::Skipped));
        }
    }
    assert_eq!(play(voting(3), workers_fail, None).outcome, Outcome::None(NoOutcome::NothingArrived));
}

/// Guards against “nothing arrived” where every document did, and its reduce calls failed.
#[test]
fn an_aggregator_that_fails_is_named_as_the_reason() {
    let only_last_fails = |request: &Request| match &request.task {
        Task::Summary { document } if &**document == "e" => (10, None),
        _ => aggregators_fail(request),
    };
    for (pattern, script) in [
        (sectioning(&["A", "B"]), aggregators_fail as fn(&Request) -> _),
        (map_reduce(&["a", "b"], 2), aggregators_fail),
        (map_reduce(&["a", "b", "c", "d"], 2), aggregators_fail),
        (map_reduce(&["a", "b", "c", "d", "e"], 4), only_last_fails),
    ] {
        match play(pattern, script, None).outcome {
            Outcome::None(NoOutcome::AggregatorFailed(failed)) => assert!(failed.error.is_some()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_stopped_run_has_no_outcome_and_says_so() {
    let patterns = || [sectioning(&["A", "B", "C"]), map_reduce(&["a", "b", "c"], 2)];
    // Before anything arrived, after one worker, and while the aggregator works.
    for at_ms in [50, 850, 1050] {
        for pattern in patterns() {
            let played = play(pattern, last_first, Some(at_ms));
            assert_eq!(played.outcome, Outcome::None(NoOutcome::Stopped), "at {at_ms} ms");
            assert!(played.ends.iter().all(Option::is_some), "every call ended");
        }
    }
    assert_eq!(play(voting(3), last_first, Some(50)).outcome, Outcome::None(NoOutcome::Stopped));
    // What failed before the stop does not turn it into a failure.
    let last_fails_early = |request: &Request| match &request.task {
        Task::Summary { document } if &**document == "c" => (10, None),
        _ => last_first(request),
    };
    let played = play(map_reduce(&["a", "b", "c"], 4), last_fails_early, Some(50));
    assert_eq!(played.outcome, Outcome::None(NoOutcome::Stopped));
}

/// What an arm came to under a policy: whether it has an outcome, and how many failures it names.
fn under(
    mut pattern: Pattern,
    policy: FailurePolicy,
    script: fn(&Request) -> (u64, Option<Answer>),
) -> (bool, usize) {
    match &mut pattern {
        Pattern::Sectioning(sectioning) => sectioning.manner.policy = policy,
        Pattern::Voting(voting) => voting.manner.policy = policy,
        Pattern::MapReduce(map_reduce) => map_reduce.manner.policy = policy,
    }
    match play(pattern, script, None).outcome {
        Outcome::None(NoOutcome::Failures(failures)) => (false, failures.len()),
        Outcome::None(_) => (false, 0),
        Outcome::Merged(_) | Outcome::Voted(_) => (true, 0),
    }
}

/// Guards against a policy that refuses results without a failure, or with one that it bears.
#[test]
fn every_policy_gives_results_where_it_can_and_failures_where_it_cannot() {
    use FailurePolicy::{Collect, FailFast, Gather, Quorum, TaskGroup, Threshold};
    let one_voter_fails = |request: &Request| {
        let (ms, answer) = last_first(request);
        (ms, answer.filter(|_| request.draws.call != 1))
    };
    let three = || [sectioning(&["A", "B", "C"]), voting(3), map_reduce(&["a", "b", "c"], 4)];
    for (policy, one_fails) in [
        (Collect, (true, 0)),
        (Gather, (false, 1)),
        (TaskGroup, (false, 1)),
        (FailFast, (false, 1)),
        (Threshold(0), (false, 1)),
        (Threshold(1), (true, 0)),
        (Quorum(2), (true, 0)),
        (Quorum(3), (false, 1)),
    ] {
        for pattern in three() {
            let fails = if matches!(pattern, Pattern::Voting(_)) { one_voter_fails } else { second_fails };
            assert_eq!(under(pattern.clone(), policy, last_first), (true, 0), "{policy:?}: nothing fails");
            assert_eq!(under(pattern, policy, fails), one_fails, "{policy:?}: one fails");
        }
    }
}

#[test]
fn the_tree_has_as_many_levels_as_it_needs() {
    for (n_documents, fan_in, expected) in [
        (1, 4, &[][..]),
        (2, 4, &[(1, 2)]),
        (4, 4, &[(1, 4)]),
        (5, 4, &[(1, 4), (2, 2)]),
        (12, 4, &[(1, 4), (1, 4), (1, 4), (2, 3)]),
        (13, 4, &[(1, 4), (1, 4), (1, 4), (2, 4)]),
        (5, 2, &[(1, 2), (1, 2), (2, 2), (3, 2)]),
        (8, 2, &[(1, 2), (1, 2), (1, 2), (1, 2), (2, 2), (2, 2), (3, 2)]),
        (3, 0, &[(1, 2), (2, 2)]),
    ] {
        let plan = map_reduce(&vec!["a"; n_documents], fan_in).plan();
        let (maps, reduces) = plan.split_at(n_documents);
        assert!(maps.iter().all(|planned| planned.role == Role::Worker));
        let shape: Vec<(u32, usize)> = reduces
            .iter()
            .enumerate()
            .map(|(i, planned)| {
                let level =
                    planned.key.split('-').nth(1).and_then(|level| level.parse().ok()).expect("a level");
                let own = (n_documents + i) as u32;
                (level, plan.iter().filter(|below| below.feeds == Some(own)).count())
            })
            .collect();
        assert_eq!(shape, expected, "{n_documents} documents, fan-in {fan_in}");
        let roots = plan.iter().filter(|planned| planned.feeds.is_none()).count();
        assert_eq!(roots, 1, "everything flows into one result");
    }
    let alone = play(map_reduce(&["a b"], 4), last_first, None);
    assert_eq!(alone.merged().reply.text, "of a b");
    assert_eq!(alone.merged().words, Some(2));
}

#[test]
fn words_are_counted_as_wc_counts_them() {
    for (text, n) in [
        ("", 0),
        (" \n\t ", 0),
        ("one", 1),
        (" two\nwords ", 2),
        ("don't re-count 3.14 — it's one each", 7),
        ("a\r\nb\u{c}c", 3),
        ("日本語 です", 2),
    ] {
        assert_eq!(count_words(text), n, "{text:?}");
    }
    let played = play(map_reduce(&["a b c", " d\n", "e — f"], 2), last_first, None);
    assert_eq!(played.merged().words, Some(7));
}
