//! Every instant between a call's entry and its end is in one phase.

use fanout::analysis::rehearsal::rehearse;
use fanout::analysis::story::{Phase, Stories, Story};
use fanout::engine::call::Certainty::Known;
use fanout::engine::trace::WaitReason::{Concurrency, Paused, RequestRate, TokenRate};
use fanout::engine::trace::{End, Event, Failure, What};
use fanout::scenario::ArmKind;
use fanout::scenario::draft::Admission;

use crate::traces::{
    admitted, at, backing_off, ended, entered, failed, first_token, holding, scenario, served,
};

/// Spans follow each other without a gap from the entry to the end.
fn check_identity(story: &Story, now_us: u64) {
    let Some(mut at_us) = story.entered_us else {
        assert_eq!(story.spans, [], "nothing happens before the entry");
        return;
    };
    for span in &story.spans {
        assert_eq!(span.from_us, at_us, "{story:?}");
        assert!(span.from_us < span.to_us, "{story:?}");
        at_us = span.to_us;
    }
    let end_us = story.end.map_or(now_us, |(end_us, _)| end_us);
    assert_eq!(at_us, end_us, "{story:?}");
    assert_eq!(story.time_us(|_| true), end_us - story.entered_us.unwrap_or(0));
}

/// Tells the story of the last call of a trace up to `now` ms: its phases and when each ended, in ms.
#[track_caller]
fn check(events: &[Event], now_ms: u64, expected: &[(Phase, u64)]) -> Story {
    let n_calls =
        events.iter().filter_map(|event| event.what.call()).map(|call| call.0 + 1).max().unwrap_or(0);
    let all = Stories::of(events, n_calls as usize, now_ms * 1000);
    for story in all.iter() {
        check_identity(&story, now_ms * 1000);
    }
    let story = all.iter().last().expect("a call");
    let phases: Vec<(Phase, u64)> = story.spans.iter().map(|span| (span.phase, span.to_us / 1000)).collect();
    assert_eq!(phases, expected);
    story
}

const SERVED: End = End::Served;

#[test]
fn a_queued_call_waits_for_a_slot_and_then_answers() {
    let events = [
        at(5, entered(0)),
        at(5, entered(1)),
        at(5, admitted(0)),
        at(5, holding(Concurrency)),
        at(105, served(0, 1, 1, Known)),
        at(105, admitted(1)),
        at(105, What::Holding(None)),
        at(135, first_token(1)),
        at(200, served(1, 1, 1, Known)),
    ];
    let expected = [(Phase::Waiting(Concurrency), 105), (Phase::FirstToken, 135), (Phase::Generating, 200)];
    let story = check(&events, 999, &expected);
    assert_eq!((story.entered_us, story.end, story.attempts), (Some(5000), Some((200_000, SERVED)), 1));
    assert_eq!(story.phase_at(5_000), Some(Phase::Waiting(Concurrency)));
    assert_eq!(story.phase_at(105_000), Some(Phase::FirstToken));
    assert_eq!(story.phase_at(200_000), None);
    assert_eq!(story.time_us(|phase| phase == Phase::Generating), 65_000);
    // While it goes on, the last phase lasts until now.
    check(&events[..7], 120, &[(Phase::Waiting(Concurrency), 105), (Phase::FirstToken, 120)]);
    check(&events[..8], 150, &[expected[0], expected[1], (Phase::Generating, 150)]);
}

#[test]
fn a_wait_is_split_by_its_reasons() {
    let waits = [
        at(0, entered(0)),
        at(0, holding(TokenRate)),
        at(10, holding(Concurrency)),
        at(30, holding(Paused)),
        at(60, holding(RequestRate)),
        at(100, admitted(0)),
        at(100, What::Holding(None)),
        at(110, served(0, 1, 1, Known)),
    ];
    let phases = [
        (Phase::Waiting(TokenRate), 10),
        (Phase::Waiting(Concurrency), 30),
        (Phase::Waiting(Paused), 60),
        (Phase::Waiting(RequestRate), 100),
        (Phase::FirstToken, 110),
    ];
    check(&waits, 110, &phases);
    check(&waits[..4], 45, &[phases[0], phases[1], (Phase::Waiting(Paused), 45)]);
}

#[test]
fn a_refused_call_backs_off_and_then_waits_again() {
    let events = [
        at(0, entered(0)),
        at(0, admitted(0)),
        at(80, failed(0, Failure::Refused)),
        at(80, backing_off(0, 1000)),
        at(1080, holding(RequestRate)),
        at(1500, admitted(0)),
        at(1500, What::Holding(None)),
        at(1600, first_token(0)),
        at(1700, failed(0, Failure::Truncated)),
        at(1700, ended(0, End::Failed)),
    ];
    let story = check(
        &events,
        1700,
        &[
            (Phase::Failed(Failure::Refused), 80),
            (Phase::BackingOff, 1080),
            (Phase::Waiting(RequestRate), 1500),
            (Phase::Failed(Failure::Truncated), 1700),
        ],
    );
    assert_eq!(story.attempts, 2);
    check(&events[..4], 500, &[(Phase::Failed(Failure::Refused), 80), (Phase::BackingOff, 500)]);
}

/// Guards against time that is in no phase when a browser's timer rings late.
#[test]
fn a_late_return_from_a_backoff_leaves_no_gap() {
    let events = [
        at(0, entered(0)),
        at(0, admitted(0)),
        at(100, failed(0, Failure::Server)),
        at(100, backing_off(0, 500)),
        at(617, holding(RequestRate)),
        at(700, admitted(0)),
        at(700, What::Holding(None)),
    ];
    let expected = [
        (Phase::Failed(Failure::Server), 100),
        (Phase::BackingOff, 600),
        (Phase::Waiting(Concurrency), 617),
        (Phase::Waiting(RequestRate), 700),
        (Phase::FirstToken, 750),
    ];
    check(&events, 750, &expected);
}

#[test]
fn a_stop_ends_every_phase_at_its_instant() {
    let sent = [at(0, entered(0)), at(0, admitted(0)), at(50, first_token(0))];
    let stopped = [at(70, failed(0, Failure::Aborted)), at(70, ended(0, End::Cancelled))];
    check(&[&sent[..], &stopped].concat(), 70, &[(Phase::Cancelled, 70)]);
    let backs_off = [
        at(0, entered(0)),
        at(0, admitted(0)),
        at(10, failed(0, Failure::Server)),
        at(10, backing_off(0, 500)),
        at(70, ended(0, End::Cancelled)),
    ];
    check(&backs_off, 70, &[(Phase::Failed(Failure::Server), 10), (Phase::BackingOff, 70)]);
    let waits = [at(0, entered(0)), at(0, holding(Paused)), at(70, ended(0, End::Cancelled))];
    check(&waits, 70, &[(Phase::Waiting(Paused), 70)]);
    // Admitted and taken back at one instant: no attempt was made.
    let taken_back = [
        at(0, entered(0)),
        at(0, holding(Paused)),
        at(70, admitted(0)),
        at(70, failed(0, Failure::TakenBack)),
        at(70, ended(0, End::Cancelled)),
    ];
    assert_eq!(check(&taken_back, 70, &[(Phase::Waiting(Paused), 70)]).attempts, 0);
    let never = check(&[at(70, ended(0, End::Skipped))], 70, &[]);
    assert_eq!((never.entered_us, never.attempts), (None, 0));
}

#[test]
fn the_times_of_every_call_of_a_rehearsal_add_up() {
    for (concurrency, requests, tokens, faults) in [
        (8, None, None, 0),
        (1, None, None, 20),
        (3, Some(60), None, 10),
        (16, Some(120), Some(20_000), 20),
        (64, None, Some(10_000), 5),
    ] {
        for admission in Admission::ALL {
            let scenario = scenario(|draft| {
                draft.limits.concurrency = concurrency;
                draft.limits.requests_per_minute = requests;
                draft.limits.tokens_per_minute = tokens;
                draft.limits.admission = admission;
                draft.limits.attempts = 4;
                draft.simulation.fault_percent = faults;
            });
            let mut spans = 0;
            for kind in ArmKind::ALL {
                let recording = rehearse(&scenario, kind, None).expect("it does not stall");
                let stories = Stories::of(&recording.events, recording.plan.len(), recording.last_us());
                stories.iter().for_each(|story| check_identity(&story, recording.last_us()));
                assert!(stories.iter().all(|story| story.end.is_some()));
                spans += stories.iter().map(|story| story.spans.len()).sum::<usize>();
            }
            assert!(spans > 50, "{spans}");
        }
    }
}
