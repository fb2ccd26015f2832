//! Sections that build on each other.

use fanout::analysis::critical_path::critical_path;
use fanout::analysis::recording::Recording;
use fanout::analysis::story::Stories;
use fanout::engine::call::{Answer, Request, Task};
use fanout::engine::failure::FailurePolicy;
use fanout::engine::patterns::sectioning::{Section, Sectioning};
use fanout::engine::patterns::{NoOutcome, Outcome, Pattern};
use fanout::engine::trace::{End, What};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scene::{Played, play, prompt};

/// Sections by name, each with the numbers of those it needs.
fn sections(needs: &[&[u32]], policy: FailurePolicy) -> Sectioning {
    let section = |(i, after): (usize, &&[u32])| Section {
        name: format!("S{i}").into(),
        brief: "".into(),
        after: after.to_vec(),
    };
    let mut sectioning = Sectioning {
        topic: "t".into(),
        sections: needs.iter().enumerate().map(section).collect(),
        section_prompt: prompt("{section}"),
        synthesis_prompt: prompt("{results}"),
        ..Sectioning::default()
    };
    sectioning.manner.policy = policy;
    sectioning
}

/// Every section takes 2 s, the synthesis none; S1 fails in `first_fails`.
fn two_seconds(request: &Request) -> (u64, Option<Answer>) {
    match &request.task {
        Task::Section { name, .. } => (2000, Some(Answer::Text(format!("of {name}")))),
        _ => (0, Some(Answer::Text("all".to_string()))),
    }
}

fn second_fails(request: &Request) -> (u64, Option<Answer>) {
    let (ms, answer) = two_seconds(request);
    (ms, answer.filter(|_| !matches!(&request.task, Task::Section { name, .. } if &**name == "S1")))
}

fn starts(played: &Played) -> Vec<u64> {
    let mut starts = Vec::new();
    for event in played.view.trace().events() {
        if let What::Admitted(call) = event.what {
            starts.push((call.0, event.at_us / 1_000_000));
        }
    }
    starts.sort_unstable();
    starts.into_iter().map(|(_, s)| s).collect()
}

/// Six steps of 2 s, of which the critical path is 12, 6, 6 and 2: a chain, two chains of three, one to four to one, none.
#[test]
fn a_section_begins_when_those_it_needs_are_over() {
    for (needs, expected, waves) in [
        (&[&[][..], &[0], &[1], &[2], &[3], &[4]][..], [0, 2, 4, 6, 8, 10, 12], 6),
        (&[&[], &[0], &[1], &[], &[3], &[4]], [0, 2, 4, 0, 2, 4, 6], 3),
        (&[&[], &[0], &[0], &[0], &[0], &[1, 2, 3, 4]], [0, 2, 2, 2, 2, 4, 6], 3),
        (&[&[], &[], &[], &[], &[], &[]], [0, 0, 0, 0, 0, 0, 2], 1),
    ] {
        let pattern = Pattern::Sectioning(sections(needs, FailurePolicy::Collect));
        let plan = pattern.plan();
        let played = play(pattern, two_seconds, None);
        assert_eq!(starts(&played), expected);
        let recording = Recording::of(&played.view, 0, plan.into(), None);
        let stories = Stories::of(&recording.events, recording.plan.len(), recording.last_us());
        let path = critical_path(&recording, &stories);
        assert_eq!((path.path_us / 1_000_000, path.work_us / 1_000_000), (expected[6], 12));
        assert_eq!(path.n_waves, waves);
    }
}

#[test]
fn a_section_reads_what_it_builds_on_and_what_is_missing() {
    let both = Pattern::Sectioning(sections(&[&[], &[], &[0, 1]], FailurePolicy::Collect));
    let played = play(both.clone(), two_seconds, None);
    assert_eq!(played.sent(2), "S2\n\nIt builds on this:\n\n### S0\nof S0\n\n### S1\nof S1");
    let played = play(both, second_fails, None);
    let missing = "Missing, because the call for it brought nothing: S1";
    assert_eq!(played.sent(2), format!("S2\n\nIt builds on this:\n\n### S0\nof S0\n\n{missing}"));
    let mut placed = sections(&[&[], &[0]], FailurePolicy::Collect);
    placed.section_prompt = prompt("<{after}> {section}");
    let played = play(Pattern::Sectioning(placed), two_seconds, None);
    assert_eq!((played.sent(0), played.sent(1)), ("<> S0".to_string(), "<### S0\nof S0> S1".to_string()));
}

#[test]
fn a_failure_cancels_sections_that_wait() {
    let chain = sections(&[&[], &[0], &[1]], FailurePolicy::FailFast);
    let played = play(Pattern::Sectioning(chain), second_fails, None);
    assert!(matches!(played.outcome, Outcome::None(NoOutcome::Failures(_))), "{:?}", played.outcome);
    assert_eq!(played.ends[2], Some(End::Skipped));
}
