//! One call under the glass.

use std::sync::Arc;

use fanout::analysis::inspection::{attempts, phases, why_it_waited};
use fanout::analysis::recording::{Recording, Text};
use fanout::analysis::rehearsal::rehearse;
use fanout::analysis::story::Stories;
use fanout::engine::call::{CallError, Certainty, Wait};
use fanout::engine::patterns::Role;
use fanout::engine::trace::{Event, Failure, WaitReason, WaitSource, What};
use fanout::scenario::ArmKind;

use crate::traces::{admitted, at, entered, failed, first_token, holding, plan, scenario, served};

/// A call that is refused once, waits for a slot and is answered; and one behind it.
fn recording() -> Recording {
    let backing_off = What::BackingOff {
        call: fanout::engine::call::CallId(0),
        delay_us: 400_000,
        wait: WaitSource::Header,
    };
    let events: Vec<Event> = vec![
        at(0, entered(0)),
        at(0, holding(WaitReason::RequestRate)),
        at(100, admitted(0)),
        at(180, failed(0, Failure::Refused)),
        at(180, backing_off),
        at(180, holding(WaitReason::Concurrency)),
        at(700, admitted(0)),
        at(900, first_token(0)),
        at(1500, served(0, 10, 20, Certainty::Known)),
        at(1500, entered(1)),
        at(1500, admitted(1)),
    ];
    let wait = Wait::Header { us: 400_000 };
    let error = CallError::Refused { status: 429, wait, message: "slow down".to_string() };
    let heads = vec![(0, "429\nretry-after: 0.4\n".to_string()), (1, "200\n".to_string())];
    let texts = vec![Text { errors: vec![error], heads, ..Text::default() }, Text::default()];
    Recording { plan: Arc::new(plan(&[Some(1), None])), events, texts, outcome: None, now_us: 1_500_000 }
}

#[test]
fn every_attempt_says_what_came_of_it() {
    let recording = recording();
    let seen: Vec<_> = attempts(&recording, 0)
        .into_iter()
        .map(|tried| {
            (
                tried.sent_us / 1000,
                tried.first_token_after_us.map(|us| us / 1000),
                tried.took_us.map(|us| us / 1000),
                tried.words,
            )
        })
        .collect();
    let refused = "Refused by the provider’s limit (429; it asks to wait 400 ms): “slow down”. The next one waited \
                   400 ms as its Retry-After asked.";
    assert_eq!(
        seen,
        [(100, None, Some(80), refused.to_string()), (700, Some(200), Some(800), "Answered.".to_string())]
    );
    let heads =
        |call: usize| attempts(&recording, call).into_iter().map(|tried| tried.head).collect::<Vec<_>>();
    assert_eq!(heads(0), ["429\nretry-after: 0.4\n", "200\n"]);
    assert_eq!(heads(1), [""], "there is no reply yet");
    let under_way = attempts(&recording, 1);
    assert_eq!((under_way.len(), under_way[0].took_us, under_way[0].words.as_str()), (1, None, "Under way."));
    assert!(attempts(&recording, 7).is_empty());
}

#[test]
fn a_wait_names_its_reasons_and_adds_up() {
    let recording = recording();
    let stories = Stories::of(&recording.events, 2, recording.now_us);
    let why = |call: usize| why_it_waited(&recording.plan[call], &stories.tell(call).expect("it is there"));
    assert_eq!(
        why(0),
        "It waited 620 ms: 100 ms for the request rate (until 100 ms), 400 ms backing off once (until 580 ms), \
         120 ms for a free slot (until 700 ms)."
    );
    assert_eq!(recording.plan[1].role, Role::Aggregator);
    assert_eq!(
        why(1),
        "It could begin at 1.5 s, when the last of its inputs was there. It did not wait: it was sent at once."
    );
}

#[test]
fn phases_add_up_to_the_time_between_entry_and_end() {
    let recording = recording();
    let stories = Stories::of(&recording.events, 2, recording.now_us);
    let (phases, all_us) = phases(&stories.tell(0).expect("it is there"));
    assert_eq!(all_us, 1_500_000);
    assert_eq!(phases.iter().map(|lasted| lasted.us).sum::<u64>(), all_us);
    let shares: Vec<u64> = phases.iter().map(|lasted| lasted.percent).collect();
    // 100, 80, 400, 120, 200 and 600 ms.
    assert_eq!(shares, [7, 5, 27, 8, 13, 40]);
}

/// Guards against a reason that is told by its last wait alone.
#[test]
fn waits_for_the_same_reason_are_told_together() {
    let mut recording = recording();
    recording.events = vec![
        at(0, entered(0)),
        at(0, holding(WaitReason::RequestRate)),
        at(100, holding(WaitReason::Concurrency)),
        at(150, holding(WaitReason::RequestRate)),
        at(400, admitted(0)),
    ];
    let story = Stories::of(&recording.events, 2, 400_000).tell(0).expect("it is there");
    assert_eq!(
        why_it_waited(&recording.plan[0], &story),
        "It waited 400 ms: 350 ms for the request rate (until 400 ms), 50 ms for a free slot (until 150 ms)."
    );
}

/// Guards against an attempt on the list that was never sent.
#[test]
fn what_was_taken_back_was_no_attempt() {
    let mut recording = recording();
    recording.events = vec![
        at(0, entered(0)),
        at(0, admitted(0)),
        at(0, failed(0, Failure::TakenBack)),
        at(50, admitted(0)),
    ];
    let sent: Vec<u64> = attempts(&recording, 0).iter().map(|tried| tried.sent_us).collect();
    assert_eq!(sent, [50_000]);
}

/// Two readings of one trace.
#[test]
fn attempts_are_as_many_as_the_story_counts() {
    let scenario = scenario(|draft| {
        draft.limits.requests_per_minute = Some(60);
        draft.simulation.fault_percent = 20;
    });
    for kind in ArmKind::ALL {
        let recording = rehearse(&scenario, kind, None).expect("it does not stall");
        let stories = Stories::of(&recording.events, recording.plan.len(), recording.last_us());
        for (call, story) in stories.iter().enumerate() {
            let tried = attempts(&recording, call);
            assert_eq!(tried.len(), story.attempts as usize, "{kind:?} {call}");
            assert!(tried.iter().all(|tried| tried.took_us.is_some()), "{kind:?} {call}");
        }
    }
}
