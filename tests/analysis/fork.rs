//! A run that is changed on the way: its past stays what it was.

use fanout::analysis::fork::{Past, fork};
use fanout::analysis::moment::census;
use fanout::analysis::recording::Recording;
use fanout::analysis::rehearsal::{rehearse_all, rehearse_behind};
use fanout::engine::trace::{Event, What};
use fanout::scenario::draft::Draft;
use fanout::scenario::{ArmKind, Limiters, Scenario};

use crate::traces::scenario;

/// In the middle of every arm.
const AT_US: u64 = 2_500_000;

fn wide(draft: &mut Draft) {
    draft.limits.concurrency = 4;
    draft.limits.requests_per_minute = Some(60);
}

fn narrow(draft: &mut Draft) {
    wide(draft);
    draft.limits.concurrency = 1;
}

fn forked(before: &Scenario, after: &Scenario, past: &[Past], at_us: u64) -> Vec<Past> {
    fork(before, after, past, at_us).expect("only limits differ")
}

fn arms(past: &[Past], scenario: &Scenario) -> [Recording; 3] {
    rehearse_behind(past, scenario, None).map(|arm| arm.expect("it does not stall"))
}

fn until(recording: &Recording, at_us: u64) -> Vec<Event> {
    recording.events.iter().copied().take_while(|event| event.at_us <= at_us).collect()
}

fn most_in_flight(recording: &Recording, from_us: u64) -> u32 {
    let later = recording.events.iter().map(|event| event.at_us).filter(|at_us| *at_us >= from_us);
    let in_flight = |at_us| census(&recording.events, recording.plan.len(), at_us).in_flight;
    later.map(in_flight).max().unwrap_or(0)
}

/// Guards against a change that reaches back, or that does nothing.
#[test]
fn what_was_stays_and_what_comes_is_changed() {
    for limiters in [Limiters::Own, Limiters::Shared] {
        let [before, after] = [wide, narrow].map(|change| Scenario { limiters, ..scenario(change) });
        let past = forked(&before, &after, &[], AT_US);
        let as_it_was = rehearse_all(&before, None).map(|arm| arm.expect("it does not stall"));
        for ((changed, unchanged), kind) in arms(&past, &after).iter().zip(&as_it_was).zip(ArmKind::ALL) {
            assert_eq!(until(changed, AT_US), until(unchanged, AT_US), "{kind:?}");
            assert_ne!(changed.events, unchanged.events, "{kind:?}");
            // Whoever was in flight stays so; after the longest of them one at a time is left.
            assert_eq!(most_in_flight(changed, AT_US + 10_000_000).max(1), 1, "{kind:?}");
        }
    }
}

#[test]
fn a_change_to_what_it_was_changes_nothing() {
    let before = scenario(wide);
    let past = forked(&before, &before, &[], AT_US);
    let events = |arms: [Recording; 3]| arms.map(|arm| arm.events);
    assert_eq!(events(arms(&past, &before)), events(arms(&[], &before)));
}

/// The provider's own limit, too: that is where refusals come from.
#[test]
fn a_provider_that_allows_more_refuses_no_longer() {
    let limited = |per_minute| {
        scenario(move |draft| {
            draft.limits.concurrency = 8;
            draft.limits.requests_per_minute = per_minute;
            draft.limits.burst = 2;
        })
    };
    let (before, after) = (limited(Some(20)), limited(None));
    let past = forked(&before, &after, &[], AT_US);
    let last_refusal = |arms: [Recording; 3]| {
        let refused = |event: &Event| matches!(event.what, What::Failed { .. });
        let last =
            |arm: &Recording| arm.events.iter().rev().find(|event| refused(event)).map(|event| event.at_us);
        arms.iter().filter_map(last).max().expect("there are refusals")
    };
    assert!(last_refusal(arms(&[], &before)) > AT_US + 80_000);
    // One that was on its way may still come.
    assert!(last_refusal(arms(&past, &after)) <= AT_US + 80_000);
}

/// What the provider is like changes, too, and not before.
#[test]
fn a_provider_that_begins_to_fail_fails_from_then_on() {
    let [before, after] = [0, 60].map(|percent| {
        scenario(move |draft| {
            draft.limits.concurrency = 2;
            draft.simulation.fault_percent = percent;
        })
    });
    let past = forked(&before, &after, &[], AT_US);
    let failed = |arm: &Recording| -> Vec<u64> {
        let failed = |event: &&Event| matches!(event.what, What::Failed { .. });
        arm.events.iter().filter(failed).map(|event| event.at_us).collect()
    };
    let failures: Vec<u64> = arms(&past, &after).iter().flat_map(failed).collect();
    assert!(!failures.is_empty() && failures.iter().all(|at_us| *at_us > AT_US), "{failures:?}");
}

#[test]
fn a_change_before_another_one_takes_its_place() {
    let [one, two, three] = [1, 2, 3].map(|n| scenario(move |draft| draft.limits.concurrency = n));
    let first = forked(&one, &two, &[], 1_000_000);
    let second = forked(&two, &three, &first, 2_000_000);
    let limits = |past: &[Past]| -> Vec<(u64, u32)> {
        past.iter().map(|past| (past.until_us, past.limits.concurrency.get())).collect()
    };
    assert_eq!(limits(&second), [(1_000_000, 1), (2_000_000, 2)]);
    assert_eq!(limits(&forked(&three, &one, &second, 2_000_000)), [(1_000_000, 1), (2_000_000, 2)]);
    assert_eq!(limits(&forked(&three, &one, &second, 1_500_000)), [(1_000_000, 1), (1_500_000, 2)]);
    assert_eq!(limits(&forked(&three, &one, &second, 500_000)), [(500_000, 1)]);
}

/// Guards against half a run of other documents.
#[test]
fn what_cannot_change_on_the_way_is_another_run() {
    let before = scenario(wide);
    for change in [
        (|draft| draft.seed += 1) as fn(&mut Draft),
        |draft| draft.voting.votes += 1,
        |draft| draft.limits.attempts += 1,
    ] {
        let after = scenario(|draft| {
            wide(draft);
            change(draft);
        });
        assert_eq!(fork(&before, &after, &[], AT_US), None);
    }
}
