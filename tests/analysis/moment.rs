//! One moment of a run.

use fanout::analysis::moment::{Census, census, next_us, previous_us};
use fanout::analysis::rehearsal::rehearse;
use fanout::analysis::story::{Phase, Stories};
use fanout::engine::trace::{End, Event, Failure};
use fanout::scenario::ArmKind;

use crate::traces::{admitted, at, backing_off, ended, entered, failed, first_token, scenario};

fn events() -> Vec<Event> {
    vec![
        at(0, entered(0)),
        at(0, admitted(0)),
        at(0, entered(1)),
        at(100, failed(0, Failure::Refused)),
        at(100, backing_off(0, 200)),
        at(100, admitted(1)),
        at(150, first_token(1)),
        at(400, admitted(0)),
        at(450, failed(0, Failure::Server)),
        at(450, ended(0, End::Failed)),
    ]
}

#[test]
fn every_call_is_counted_once_by_what_it_does() {
    let none = Census::default();
    for (ms, expected) in [
        (0, Census { in_flight: 1, waiting: 1, ..none }),
        (99, Census { in_flight: 1, waiting: 1, ..none }),
        (100, Census { in_flight: 1, backing_off: 1, ..none }),
        // The pause is over and no slot is free.
        (300, Census { in_flight: 1, waiting: 1, ..none }),
        (400, Census { in_flight: 2, ..none }),
        (450, Census { in_flight: 1, lost: 1, ..none }),
    ] {
        assert_eq!(census(&events(), 3, ms * 1000), expected, "{ms} ms");
    }
}

/// Two readings of one trace.
#[test]
fn the_count_and_the_stories_agree_at_every_instant() {
    let scenario = scenario(|draft| {
        draft.limits.requests_per_minute = Some(60);
        draft.simulation.fault_percent = 20;
    });
    for kind in ArmKind::ALL {
        let recording = rehearse(&scenario, kind, None).expect("it does not stall");
        let n_calls = recording.plan.len();
        let stories = Stories::of(&recording.events, n_calls, recording.last_us());
        for at_us in recording.events.iter().map(|event| event.at_us) {
            let doing = |matches: fn(Phase) -> bool| {
                let phases = stories.iter().filter_map(|story| story.phase_at(at_us));
                phases.filter(|phase| matches(*phase)).count() as u32
            };
            let counted = census(&recording.events, n_calls, at_us);
            let in_flight =
                doing(|phase| matches!(phase, Phase::FirstToken | Phase::Generating | Phase::Failed(_)));
            assert_eq!(counted.in_flight, in_flight, "{kind:?} at {at_us}");
            assert_eq!(
                counted.waiting,
                doing(|phase| matches!(phase, Phase::Waiting(_))),
                "{kind:?} at {at_us}"
            );
            assert_eq!(counted.backing_off, doing(|phase| phase == Phase::BackingOff), "{kind:?} at {at_us}");
        }
    }
}

#[test]
fn a_step_goes_to_the_next_instant_and_back() {
    let events = events();
    let steps = |mut at_us: u64| {
        let mut seen = vec![at_us];
        while let Some(next) = next_us(&events, at_us) {
            at_us = next;
            seen.push(at_us);
        }
        seen
    };
    assert_eq!(steps(0), [0, 100_000, 150_000, 400_000, 450_000]);
    assert_eq!(previous_us(&events, 400_000), Some(150_000));
    assert_eq!(previous_us(&events, 120_000), Some(100_000));
    assert_eq!(previous_us(&events, 0), None);
}
