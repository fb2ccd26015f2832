//! Votes as they come in: stopped early, counted again, judged.

use std::collections::BTreeMap;
use std::sync::Arc;

use fanout::analysis::recording::Recording;
use fanout::analysis::recount::recount;
use fanout::engine::batch::{Delivery, Entry, Manner};
use fanout::engine::call::{Answer, Request, Task};
use fanout::engine::patterns::voting::judge::Judged;
use fanout::engine::patterns::voting::rule::Rule;
use fanout::engine::patterns::voting::stop::StopRule;
use fanout::engine::patterns::voting::tally::Verdict;
use fanout::engine::patterns::voting::{Voted, Voting};
use fanout::engine::patterns::{Outcome, Pattern};
use fanout::engine::trace::{End, What};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scene::{Played, play, play_seeded, prompt};

fn voting(votes: u32) -> Voting {
    Voting { question: "?".into(), votes, prompt: prompt("{question}"), ..Voting::default() }
}

fn voted(played: &Played) -> &Voted {
    match &played.outcome {
        Outcome::Voted(voted) => voted,
        other => panic!("{other:?}"),
    }
}

fn winner(played: &Played) -> Option<&str> {
    let tally = &voted(played).tally;
    (tally.verdict == Verdict::Winner).then(|| tally.buckets[0].answer.as_str())
}

/// Voters 0 to 4 answer A, B, A, A, B after 100 to 500 ms.
fn abaab(request: &Request) -> (u64, Option<Answer>) {
    let voter = request.draws.call as usize;
    (100 * (voter as u64 + 1), Some(Answer::Text("ABAAB"[voter..=voter].to_string())))
}

#[test]
fn a_decided_vote_cancels_who_has_not_answered() {
    let played = play(Pattern::Voting(Voting { stop: StopRule::Decided, ..voting(5) }), abaab, None);
    assert_eq!(winner(&played), Some("A"));
    assert_eq!(played.ends[3..], [Some(End::Served), Some(End::Cancelled)]);
    let sizes: Vec<usize> = voted(&played).tally.buckets.iter().map(|bucket| bucket.voters.len()).collect();
    assert_eq!(sizes, [3, 1]);
    let last = played.view.trace().events().last().expect("an event");
    assert_eq!(last.at_us, 400_000);
}

/// The answer of a lossless stop is that of the full vote, whatever the order and the window.
#[test]
fn stopping_early_does_not_change_the_answer() {
    for answers in 0..3u32.pow(5) {
        // The digits of a number to the base of three are the answers of five voters.
        let digits = [81, 27, 9, 3, 1].map(|power| answers / power % 3);
        for rule in [Rule::Plurality, Rule::Majority, Rule::Unanimity] {
            for entry in [Entry::All, Entry::Window(crate::scripted::nz(2))] {
                let count = |stop| {
                    let manner = Manner { entry, ..Manner::default() };
                    let pattern = Pattern::Voting(Voting { rule, stop, manner, ..voting(5) });
                    DIGITS.with(|shared| shared.set(digits));
                    let played = play(pattern, by_digits, None);
                    let tally = &voted(&played).tally;
                    (tally.verdict, winner(&played).map(str::to_string))
                };
                assert_eq!(count(StopRule::Decided), count(StopRule::None), "{digits:?} {rule:?} {entry:?}");
            }
        }
    }
}

thread_local! {
    /// What the voters of `by_digits` answer.
    static DIGITS: std::cell::Cell<[u32; 5]> = const { std::cell::Cell::new([0; 5]) };
}

/// The third answers first, the first last.
fn by_digits(request: &Request) -> (u64, Option<Answer>) {
    let voter = request.draws.call as usize;
    let digit = DIGITS.with(std::cell::Cell::get)[voter];
    ([500, 300, 100, 400, 200][voter], Some(Answer::Text(format!("answer {digit}"))))
}

/// Windows of two, one after the other: A B, then A A agree, and the last is never asked.
#[test]
fn windows_of_agreement_are_asked_one_after_the_other() {
    let played =
        play(Pattern::Voting(Voting { stop: StopRule::Esc { window: 2 }, ..voting(5) }), abaab, None);
    assert_eq!(winner(&played), Some("A"));
    assert_eq!(voted(&played).tally.buckets[0].voters, [2, 3]);
    assert_eq!(played.ends[4], Some(End::Skipped));
}

/// Votes that are counted as they come are not held.
#[test]
fn a_vote_that_is_counted_as_it_comes_is_let_go() {
    let released = |delivery| {
        let manner = Manner { delivery, ..Manner::default() };
        let played = play(Pattern::Voting(Voting { manner, ..voting(5) }), abaab, None);
        played.view.trace().events().filter(|event| matches!(event.what, What::Released(_))).count()
    };
    assert_eq!([Delivery::Together, Delivery::Completion].map(released), [0, 5]);
}

/// Guards against another reading that needs another call.
#[test]
fn the_same_votes_are_counted_again_by_another_reading() {
    let play_numbers = |request: &Request| {
        let said = ["42", "42.0", "forty-two", "43", "42"][request.draws.call as usize];
        (100, Some(Answer::Text(said.to_string())))
    };
    let mut voting = voting(5);
    let pattern = Pattern::Voting(voting.clone());
    let plan = pattern.plan();
    let played = play(pattern, play_numbers, None);
    let recording = Recording::of(&played.view, 0, plan.into(), Some(played.outcome.clone()));
    let first = recount(&voting, &recording).expect("votes");
    assert_eq!(first, voted(&played).tally);
    assert_eq!(first.buckets[0].voters, [0, 4]);
    voting.reading.number = true;
    assert_eq!(recount(&voting, &recording).expect("votes").buckets[0].voters, [0, 1, 4]);
    voting.rule = Rule::Unanimity;
    assert_eq!(recount(&voting, &recording).expect("votes").verdict, Verdict::Short);
}

fn judged(play_judge: fn(&Request) -> (u64, Option<Answer>)) -> Option<Judged> {
    let voting = Voting { judge_prompt: Some(prompt("{candidates}")), ..voting(5) };
    voted(&play(Pattern::Voting(voting), play_judge, None)).judged.clone()
}

/// The letter that the candidate with these words stands behind, in the order the judge reads.
fn letter_of(request: &Request, words: &str) -> String {
    let line = request.prompt.user.lines().find(|line| line.ends_with(words)).expect("a candidate");
    line[..1].to_string()
}

fn is_judge(request: &Request) -> bool {
    matches!(&request.task, Task::Vote { options, .. } if !options.is_empty())
}

#[test]
fn a_judge_that_means_an_answer_is_heard_and_one_that_means_a_place_is_not() {
    let fair = |request: &Request| match is_judge(request) {
        true => (100, Some(Answer::Text(letter_of(request, "B")))),
        false => abaab(request),
    };
    let first_place = |request: &Request| match is_judge(request) {
        true => (100, Some(Answer::Text("A.".to_string()))),
        false => abaab(request),
    };
    let vague = |request: &Request| match is_judge(request) {
        true => (100, Some(Answer::Text("both".to_string()))),
        false => abaab(request),
    };
    let silent = |request: &Request| match is_judge(request) {
        true => (100, None),
        false => abaab(request),
    };
    // The second bucket is B.
    assert_eq!(judged(fair), Some(Judged::Chose(1)));
    assert_eq!(judged(first_place), Some(Judged::ChangedWithOrder));
    assert_eq!(judged(vague), Some(Judged::Unclear));
    assert!(matches!(judged(silent), Some(Judged::Failed(_))));
    let agreed = |request: &Request| match is_judge(request) {
        true => unreachable!("there is nothing to choose between"),
        false => (100, Some(Answer::Text("A".to_string()))),
    };
    assert_eq!(judged(agreed), None);
}

/// Three answers of one voter each, and what the judge is asked about them.
fn three(seed: u64, correct: Option<usize>) -> Played {
    let judge_prompt = Some(prompt("{candidates}"));
    let options = Arc::new(["X", "Y", "Z"].map(String::from));
    let voting = Voting { judge_prompt, options, correct, ..voting(3) };
    let answers = |request: &Request| {
        let is_judge = request.draws.item != 0;
        let voter = request.draws.call as usize;
        (100, Some(Answer::Text(if is_judge { "A" } else { &"XYZ"[voter..=voter] }.to_string())))
    };
    play_seeded(Pattern::Voting(voting), answers, None, seed)
}

/// Guards against an order that favours somebody: every order comes as often as any other.
#[test]
fn candidates_stand_in_a_drawn_order_and_then_in_the_opposite_one() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 0..600 {
        let played = three(seed, None);
        let order = |call: u32| -> String {
            played.sent(call).lines().filter_map(|line| line.chars().last()).collect()
        };
        assert_eq!(order(3).chars().rev().collect::<String>(), order(4));
        *seen.entry(order(3)).or_default() += 1;
    }
    // A hundred each, with a standard deviation of nine.
    assert_eq!(seen.len(), 6, "{seen:?}");
    assert!(seen.values().all(|n| (60..=140).contains(n)), "{seen:?}");
}

#[test]
fn a_simulated_judge_knows_behind_which_letter_the_right_answer_stands() {
    for (correct, right) in [(None, None), (Some(0), Some("X")), (Some(2), Some("Z"))] {
        let played = three(7, correct);
        for call in [3, 4] {
            let request = played.request(call);
            let Task::Vote { options, correct } = &request.task else { panic!("a choice") };
            assert_eq!(options[..], ["A", "B", "C"]);
            let place =
                right.and_then(|right| played.sent(call).lines().position(|line| line.ends_with(right)));
            assert_eq!(*correct, place);
            // Each of the two has draws of its own.
            assert_eq!(request.draws.call, call - 2);
        }
    }
}

#[test]
fn every_vote_goes_into_both_questions_to_the_judge() {
    let played = three(7, None);
    let trace = played.view.trace();
    let used = trace.events().filter_map(|event| match event.what {
        What::Used { call, into } => Some((call.0, into.0)),
        _ => None,
    });
    let mut used: Vec<(u32, u32)> = used.collect();
    used.sort_unstable();
    assert_eq!(used, [(0, 3), (0, 4), (1, 3), (1, 4), (2, 3), (2, 4)]);
}
