//! A rehearsal: the same answers under every limit, and a ghost that takes as long as its calls.

use fanout::analysis::recording::Recording;
use fanout::analysis::rehearsal::{one_by_one_us, rehearse};
use fanout::analysis::story::{Phase, Stories};
use fanout::engine::patterns::Outcome;
use fanout::scenario::draft::{Admission, Draft};
use fanout::scenario::{ArmKind, Scenario};

use crate::traces::scenario;

/// What each call was answered, and how long it was in flight.
fn answers(recording: &Recording) -> Vec<(String, u64)> {
    let stories = Stories::of(&recording.events, recording.plan.len(), recording.last_us());
    let in_flight = |phase| matches!(phase, Phase::FirstToken | Phase::Generating);
    recording
        .texts
        .iter()
        .zip(stories.iter())
        .map(|(text, story)| {
            let reply = text.result.clone().expect("it ended").expect("with an answer");
            (reply.text.clone(), story.time_us(in_flight))
        })
        .collect()
}

fn rehearsed(scenario: &Scenario, kind: ArmKind) -> Recording {
    rehearse(scenario, kind, None).expect("it does not stall")
}

/// Every arm answers the same in both scenarios.
fn check(one: &Scenario, other: &Scenario) {
    for kind in ArmKind::ALL {
        let [one, other] = [one, other].map(|scenario| rehearsed(scenario, kind));
        assert_eq!(answers(&one), answers(&other), "{kind:?}");
        assert_eq!(one.outcome, other.outcome, "{kind:?}");
    }
}

#[test]
fn the_answers_are_the_same_under_every_limit() {
    let troubled = |draft: &mut Draft| {
        draft.limits.attempts = 6;
        draft.simulation.fault_percent = 10;
    };
    let alone = scenario(troubled);
    for concurrency in [1, 2, 8, 64] {
        let other = scenario(|draft| {
            troubled(draft);
            draft.limits.concurrency = concurrency;
        });
        check(&alone, &other);
    }
    for admission in Admission::ALL {
        let limited = scenario(|draft| {
            troubled(draft);
            draft.limits.requests_per_minute = Some(60);
            draft.limits.admission = admission;
        });
        check(&alone, &limited);
    }
}

#[test]
fn one_by_one_takes_as_long_as_all_calls_together() {
    let scenario = scenario(|_| {});
    for kind in ArmKind::ALL {
        let recording = rehearsed(&scenario, kind);
        let sum: u64 = answers(&recording).iter().map(|(_, us)| us).sum();
        assert_eq!(one_by_one_us(&scenario, kind), Some(sum), "{kind:?}");
        assert!(recording.last_us() < sum, "{kind:?}");
    }
}

/// Guards against a slider that changes the votes that are already there.
#[test]
fn more_voters_leave_the_earlier_votes_as_they_were() {
    let of = |votes| {
        let scenario = scenario(|draft| {
            draft.voting.votes = votes;
            draft.limits.concurrency = 101;
        });
        answers(&rehearsed(&scenario, ArmKind::Voting))
    };
    let all = of(101);
    for votes in [1, 2, 5, 9, 100] {
        assert_eq!(of(votes), all[..votes as usize], "{votes} votes");
    }
}

#[test]
fn more_documents_leave_the_earlier_summaries_as_they_were() {
    let of = |n: usize| {
        let scenario = scenario(|draft| draft.map_reduce.documents.truncate(n));
        answers(&rehearsed(&scenario, ArmKind::MapReduce))
    };
    assert_eq!(of(5)[..5], of(12)[..5]);
}

#[test]
fn another_seed_is_another_run_and_an_arm_has_its_own() {
    let [one, same, other] = [1, 1, 2].map(|seed| scenario(|draft| draft.seed = seed));
    for kind in ArmKind::ALL {
        assert_eq!(rehearsed(&one, kind), rehearsed(&same, kind), "{kind:?}");
        assert_ne!(rehearsed(&one, kind).events, rehearsed(&other, kind).events, "{kind:?}");
    }
}

#[test]
fn an_arm_that_cannot_run_is_not_rehearsed() {
    let mut draft = Draft::default();
    draft.voting.question = "Is it?".into();
    let (scenario, _) = draft.check();
    assert!(rehearse(&scenario, ArmKind::Sectioning, None).is_none());
    assert!(one_by_one_us(&scenario, ArmKind::MapReduce).is_none());
    assert!(matches!(rehearsed(&scenario, ArmKind::Voting).outcome, Some(Outcome::Voted(_))));
}
