//! Retries, Retry-After and the pause everybody shares.

use fanout::engine::call::{CallError, Wait};
use fanout::engine::clock::{MS, SECOND};
use fanout::engine::draw::DrawKey;
use fanout::engine::limiter::core::Limits;
use fanout::engine::retry::{Decision, GaveUp, Jitter, RetryPolicy, Tries, decide};
use fanout::engine::trace::{End, WaitReason};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scripted::{ONE_TRY, Step, cap, held_for, ok, rate, script};

fn tries(max_attempts: u32) -> RetryPolicy {
    RetryPolicy { max_attempts, max_refusals: 10, ..ONE_TRY }
}

/// Guards against retrying while holding the permit, which starves the others.
#[test]
fn the_permit_is_given_back_before_the_backoff() {
    let mut calls = script(cap(1), vec![vec![Step::Server { ms: 100 }, Step::Ok { ms: 100 }], ok(100)]);
    calls.retry = RetryPolicy { base_us: SECOND, ..tries(3) };
    let (done, _) = calls.run();
    assert_eq!(done.starts, [vec![0, 1100], vec![100]]);
    assert_eq!(done.makespan, 1200);
}

#[test]
fn the_backoff_doubles_up_to_its_cap() {
    let mut calls = script(cap(1), vec![vec![Step::Server { ms: 0 }]]);
    calls.retry = tries(7);
    let (done, view) = calls.run();
    assert_eq!(done.starts, [vec![0, 500, 1500, 3500, 7500, 15_500, 23_500]]);
    assert_eq!(done.ends, [Some((23_500, End::Failed))]);
    let text = view.text(fanout::engine::call::CallId(0)).expect("the call is there");
    let failed = text.result.clone().expect("it ended").expect_err("without an answer");
    assert_eq!(failed.gave_up, GaveUp::AttemptsUsed { attempts: 7 });
}

/// Guards against the herd that a bucket filled during the pause lets through at its end.
#[test]
fn after_a_pause_nobody_comes_in_a_herd() {
    let refused_once = vec![Step::Refused { ms: 50, retry_after_ms: 2000 }, Step::Ok { ms: 50 }];
    let second_starts = |limits: Limits| {
        let mut calls = script(limits, vec![refused_once.clone(); 4]);
        calls.retry = tries(3);
        calls.run().0.starts.iter().map(|starts| starts[1]).collect::<Vec<_>>()
    };
    assert_eq!(second_starts(cap(4)), [2050; 4]);
    let limited = Limits { requests: rate(120, 4), ..cap(4) };
    assert_eq!(second_starts(limited), [2050, 2550, 3050, 3550]);
}

#[test]
fn a_refusal_pauses_everybody_and_its_call_goes_first() {
    let refused_once = vec![Step::Refused { ms: 50, retry_after_ms: 2000 }, Step::Ok { ms: 50 }];
    let mut calls = script(cap(1), vec![refused_once, ok(50), ok(50), ok(50)]);
    calls.retry = tries(3);
    let (done, view) = calls.run();
    assert_eq!(done.starts, [vec![0, 2050], vec![2100], vec![2150], vec![2200]]);
    assert_eq!(held_for(&view, WaitReason::Paused), 2000);
}

#[test]
fn a_wait_nobody_sits_through_ends_the_call() {
    let mut calls = script(cap(1), vec![vec![Step::Refused { ms: 10, retry_after_ms: 121_000 }]]);
    calls.retry = tries(3);
    let (done, view) = calls.run();
    assert_eq!(done.ends, [Some((10, End::Failed))]);
    let text = view.text(fanout::engine::call::CallId(0)).expect("the call is there");
    let failed = text.result.clone().expect("it ended").expect_err("without an answer");
    assert_eq!(failed.gave_up, GaveUp::WaitTooLong { wait_us: 121 * SECOND });
}

/// Guards against refusals eating up the attempts meant for failures.
#[test]
fn refusals_have_a_count_of_their_own() {
    let refusal = Step::Refused { ms: 10, retry_after_ms: 100 };
    let steps = vec![refusal.clone(), refusal.clone(), refusal, Step::Ok { ms: 10 }];
    let mut calls = script(cap(1), vec![steps]);
    calls.retry = tries(2);
    let (done, _) = calls.run();
    assert_eq!(done.starts, [vec![0, 110, 220, 330]]);
    assert_eq!(done.ends, [Some((340, End::Served))]);
}

#[test]
fn a_refusal_without_a_time_backs_off_and_pauses_too() {
    let mut calls =
        script(cap(2), vec![vec![Step::RefusedSilently { ms: 50 }, Step::Ok { ms: 50 }], ok(10), ok(10)]);
    calls.retry = tries(3);
    let (done, _) = calls.run();
    assert_eq!(done.starts, [vec![0, 2050], vec![0], vec![10]]);
    calls.limits = cap(1);
    assert_eq!(calls.run().0.starts, [vec![0, 2050], vec![2100], vec![2110]]);
}

#[test]
fn an_attempt_without_an_answer_times_out_and_waiting_does_not_count() {
    let mut calls = script(cap(1), vec![ok(100), ok(100), ok(100)]);
    calls.retry = RetryPolicy { attempt_timeout_us: Some(150 * MS), ..ONE_TRY };
    assert_eq!(calls.run().0.end_times(), [100, 200, 300]);
    let mut slow = script(cap(1), vec![vec![Step::Ok { ms: 151 }, Step::Ok { ms: 100 }]]);
    slow.retry = RetryPolicy { attempt_timeout_us: Some(150 * MS), ..tries(2) };
    assert_eq!(slow.run().0.starts, [vec![0, 650]]);
    // At the same instant the completion wins.
    let mut just = script(cap(1), vec![ok(150)]);
    just.retry = RetryPolicy { attempt_timeout_us: Some(150 * MS), ..ONE_TRY };
    assert_eq!(just.run().0.ends, [Some((150, End::Served))]);
}

#[test]
fn jitter_only_ever_lengthens_a_wait_that_was_asked_for() {
    let policy = RetryPolicy { jitter: Jitter::Equal, ..tries(3) };
    for item in 0..1000 {
        let draws = DrawKey { seed: 42, item, call: 0 };
        let refused = CallError::Refused {
            status: 429,
            wait: Wait::Header { us: 60 * SECOND },
            message: String::new(),
        };
        let after = |error: &CallError, failures, refusals| match decide(
            &policy,
            error,
            Tries { failures, refusals },
            draws,
        ) {
            Decision::Retry { delay_us, pause, .. } => (delay_us, pause),
            Decision::GiveUp(gave_up) => panic!("gave up: {gave_up:?}"),
        };
        let (delay_us, pause) = after(&refused, 0, 1);
        assert!((60 * SECOND..=65 * SECOND).contains(&delay_us), "{delay_us}");
        assert!(pause);
        let failed = CallError::Server { status: 500, message: String::new() };
        let (delay_us, pause) = after(&failed, 2, 0);
        assert!((SECOND / 2..=SECOND).contains(&delay_us), "{delay_us}");
        assert!(!pause);
    }
}
