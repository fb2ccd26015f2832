//! What a simulated model says: votes with the chances they should have, texts that are extracts.

use std::sync::Arc;

use fanout::engine::call::{Answer, Part, Prompt, Request, Task};
use fanout::engine::draw::DrawKey;
use fanout::providers::simulated::answers::{Opinion, answer, in_full};

fn request(seed: u64, call: u32, task: Task) -> Request {
    let draws = DrawKey { seed, item: 0, call };
    Request { draws, prompt: Prompt::default(), task, input_tokens: 0, max_tokens: 100 }
}

const HALF: Opinion = Opinion { accuracy: 0.5, shared_error: 0.5 };

/// Which option a voter chose.
fn vote(seed: u64, voter: u32, n_options: usize, opinion: Opinion) -> usize {
    let options: Arc<[String]> = (0..n_options).map(|i| format!("o{i}")).collect();
    let request = request(seed, voter, Task::Vote { options: options.clone(), correct: Some(1) });
    match answer(&request, 0, opinion) {
        Answer::Vote { answer, confidence: Some(confidence), .. } => {
            assert!((0.0..=1.0).contains(&confidence));
            options.iter().position(|option| *option == answer).expect("one of the options")
        }
        other => panic!("{other:?}"),
    }
}

/// A share of `n` that should be `p`, within three standard errors.
fn check_share(what: &str, count: usize, n: usize, p: f64) {
    let share = count as f64 / n as f64;
    let error = (p * (1.0 - p) / n as f64).sqrt();
    assert!((share - p).abs() <= 3.0 * error, "{what}: {share} of {n}, not {p} within 3 × {error}");
}

#[test]
fn as_many_votes_are_right_and_alike_as_the_opinion_says() {
    for (accuracy, shared_error) in [(0.6, 0.6), (0.3, 0.9), (0.9, 0.2)] {
        let opinion = Opinion { accuracy, shared_error };
        let n = 4000;
        let votes: Vec<usize> = (0..n as u64).map(|seed| vote(seed, 0, 4, opinion)).collect();
        let wrong: Vec<usize> = votes.iter().copied().filter(|chosen| *chosen != 1).collect();
        check_share("right", n - wrong.len(), n, accuracy);
        let popular = wrong.iter().filter(|chosen| **chosen == 2).count();
        check_share("the popular error", popular, wrong.len(), shared_error);
        let scattered = wrong.iter().filter(|chosen| **chosen == 3).count();
        check_share("one of the others", scattered, wrong.len(), (1.0 - shared_error) / 2.0);
    }
}

/// Guards against voters that are independent, for whom more votes would always help.
#[test]
fn voters_of_one_question_are_right_together() {
    let opinion = Opinion { accuracy: 0.6, shared_error: 0.5 };
    let n = 4000;
    let both = (0..n as u64).filter(|seed| [1, 2].map(|voter| vote(*seed, voter, 4, opinion)) == [1, 1]);
    check_share("both right", both.count(), n, 0.6 * 0.6 + 0.3 * 0.6 * 0.4);
}

#[test]
fn the_ends_of_the_scale_are_certain() {
    for seed in 0..200 {
        let always = |accuracy, shared_error| vote(seed, 0, 4, Opinion { accuracy, shared_error });
        assert_eq!(always(1.0, 0.5), 1);
        assert_eq!(always(0.0, 1.0), 2);
        assert!([0, 3].contains(&always(0.0, 0.0)));
        assert_eq!(vote(seed, 0, 2, Opinion { accuracy: 0.0, shared_error: 0.0 }), 0, "of two, the other");
    }
}

#[test]
fn without_options_the_answer_is_yes_or_no() {
    for options in [vec![], vec!["alone".to_string()]] {
        let expected = if options.is_empty() { vec!["yes", "no"] } else { vec!["alone"] };
        for seed in 0..50 {
            let task = Task::Vote { options: options.clone().into(), correct: Some(9) };
            let said = answer(&request(seed, 0, task), 0, HALF);
            assert!(expected.contains(&said.main_text()), "{said:?}");
        }
    }
}

const TEXT: &str = "Rivers carry water. Rivers carry sand and mud. A dog sleeps. Water makes rivers.";

#[test]
fn a_summary_has_sentences_of_its_document_as_they_stand() {
    for seed in 0..50 {
        let task = Task::Summary { document: TEXT.into() };
        let said = answer(&request(seed, 0, task), 0, HALF);
        let words = said.main_text();
        assert!(words.len() < TEXT.len() && !words.is_empty());
        for sentence in words.split_inclusive('.') {
            assert!(TEXT.contains(sentence.trim()), "{sentence}");
        }
    }
    for (text, summary) in [("", ""), ("Alone", "Alone"), ("…", "")] {
        let task = Task::Summary { document: text.into() };
        assert_eq!(answer(&request(1, 0, task), 0, HALF).main_text(), summary, "{text}");
    }
}

/// Guards against an aggregator that repeats the list of key points as if it were text.
#[test]
fn an_aggregator_reads_the_text_of_its_parts_only() {
    let part = |name: &str| Part { name: name.to_string(), text: format!("{TEXT}\nKey points:\n- zebra") };
    let parts: Arc<[Part]> = [part("A"), part("B")].into();
    for task in [Task::Synthesis { topic: "t".into(), parts: parts.clone() }, Task::Reduce { parts }] {
        let said = in_full(&answer(&request(3, 0, task), 0, HALF));
        assert!(!said.contains("zebra") && said.contains("Rivers"), "{said}");
    }
}

#[test]
fn a_section_without_a_brief_says_that_there_is_nothing_to_say() {
    let section = |brief: &str| {
        let task = Task::Section { name: "Mouth".into(), brief: brief.into() };
        answer(&request(3, 0, task), 0, HALF)
    };
    assert!(section("").main_text().contains("nothing is said about this section"));
    assert!(section(TEXT).main_text().starts_with("Rivers carry water."));
}
