//! Retries, Retry-After, the pause everybody shares, time-outs.

use fanout::engine::call::{CallError, Wait};
use fanout::engine::clock::{MS, SECOND};
use fanout::engine::draw::DrawKey;
use fanout::engine::retry::{Decision, GaveUp, Jitter, RetryBudget, RetryPolicy, Standing, Tries, decide};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::admission::{check, ends, first_starts, how, ms, starts};
use crate::oracle::{Config, End, Item, Requests, Timeouts, Why};
use crate::scripted::{ONE_TRY, config, item, ok, oks, refused, rejected, server, step, streaming};

/// A script whose calls may fail more than once.
fn patient(cap: u32, max_attempts: u32, items: Vec<Item>) -> Config {
    let mut calls = config(cap, items);
    calls.retry.max_attempts = max_attempts;
    calls
}

/// Guards against retrying while holding the permit, which starves the others.
#[test]
fn the_permit_is_given_back_before_the_backoff() {
    let mut calls = patient(1, 3, vec![item([server(100), ok(100)]), item([ok(100)])]);
    calls.retry.base_us = SECOND;
    let told = check(&calls);
    assert_eq!(starts(&told), [vec![0, 1100], vec![100]]);
    assert_eq!(told.ended_us, 1200 * MS);
}

#[test]
fn the_backoff_doubles_up_to_its_cap() {
    let told = check(&patient(1, 7, vec![item([server(0)])]));
    assert_eq!(starts(&told), [vec![0, 500, 1500, 3500, 7500, 15_500, 23_500]]);
    assert_eq!(how(&told), [End::Failed(Why::AttemptsUsed)]);
    assert_eq!(told.ended_us, 23_500 * MS);
}

/// Guards against the herd that a bucket filled during the pause lets through at its end.
#[test]
fn after_a_pause_nobody_comes_in_a_herd() {
    let mut calls = config(4, vec![item([refused(50, 2000), ok(50)]); 4]);
    let second_starts = |calls: &Config| starts(&check(calls)).iter().map(|s| s[1]).collect::<Vec<_>>();
    assert_eq!(second_starts(&calls), [2050; 4]);
    calls.requests = Some(Requests::Bucket { per_minute: 120, burst: 4 });
    assert_eq!(second_starts(&calls), [2050, 2550, 3050, 3550]);
}

#[test]
fn a_refusal_pauses_everybody_and_its_call_goes_first() {
    let mut items = oks(&[50; 4]);
    items[0] = item([refused(50, 2000), ok(50)]);
    let told = check(&config(1, items));
    assert_eq!(starts(&told), [vec![0, 2050], vec![2100], vec![2150], vec![2200]]);
    assert_eq!(ms(&told, |item| item.paused), [0, 2000, 2000, 2000]);
}

/// Guards against a shorter wait that ends a longer one.
#[test]
fn the_longest_pause_counts() {
    let mut items = oks(&[10; 3]);
    items[0] = item([refused(50, 2000), ok(50)]);
    items[1] = item([refused(60, 100), ok(50)]);
    let told = check(&config(2, items));
    assert_eq!(starts(&told), [vec![0, 2050], vec![0, 2050], vec![2100]]);
}

#[test]
fn a_wait_nobody_sits_through_ends_the_call() {
    let told = check(&config(1, vec![item([refused(10, 121_000)])]));
    assert_eq!((ends(&told), how(&told)), (vec![10], vec![End::Failed(Why::WaitTooLong)]));
    assert_eq!(starts(&check(&config(1, vec![item([refused(10, 120_000), ok(0)])])))[0], [0, 120_010]);
}

/// Guards against refusals eating up the attempts meant for failures.
#[test]
fn refusals_have_a_count_of_their_own() {
    let refusal = refused(10, 100);
    let mut calls = patient(1, 2, vec![item([refusal.clone(), refusal.clone(), refusal, ok(10)])]);
    let told = check(&calls);
    assert_eq!((starts(&told), ends(&told)), (vec![vec![0, 110, 220, 330]], vec![340]));
    calls.retry.max_refusals = 2;
    let told = check(&calls);
    assert_eq!((starts(&told)[0].len(), how(&told)), (3, vec![End::Failed(Why::RefusalsUsed)]));
}

#[test]
fn a_refusal_without_a_time_backs_off_and_pauses_too() {
    let silent = step(50, crate::oracle::StepEnd::Refused { retry_after_us: None });
    let mut calls = config(2, vec![item([silent, ok(50)]), item([ok(10)]), item([ok(10)])]);
    assert_eq!(starts(&check(&calls)), [vec![0, 2050], vec![0], vec![10]]);
    calls.cap = 1;
    assert_eq!(starts(&check(&calls)), [vec![0, 2050], vec![2100], vec![2110]]);
}

#[test]
fn retries_stop_while_most_attempts_fail() {
    let mut calls = patient(1, 4, vec![item([server(10)]); 3]);
    calls.retry.budget = true;
    calls.retry.base_us = 0;
    calls.retry.cap_us = 0;
    let told = check(&calls);
    let spent = End::Failed(Why::RetryBudget);
    assert_eq!(how(&told), [End::Failed(Why::AttemptsUsed), spent, spent]);
    assert_eq!(starts(&told).concat().len(), 6);
}

/// After gRPC's A6: ten tokens, one for a failure, a tenth back for a success, more than half to retry.
#[test]
fn the_retry_budget_counts_in_tenths() {
    let mut budget = RetryBudget::default();
    for n_failed in 1..=5 {
        assert!(budget.allows(), "before failure {n_failed}");
        budget.failed();
    }
    assert!(!budget.allows(), "exactly half is not enough");
    budget.served();
    assert!(budget.allows());
    (0..20).for_each(|_| budget.failed());
    (0..50).for_each(|_| budget.served());
    assert!(!budget.allows(), "it does not fall below nothing");
    (0..1000).for_each(|_| budget.served());
    (0..5).for_each(|_| budget.failed());
    assert!(!budget.allows(), "it does not rise above full");
}

#[test]
fn an_attempt_without_an_answer_times_out_and_waiting_does_not_count() {
    let mut calls = config(1, oks(&[100; 3]));
    calls.timeouts.attempt = Some(150 * MS);
    assert_eq!(ends(&check(&calls)), [100, 200, 300]);
    let mut slow = patient(1, 2, vec![item([ok(151), ok(100)])]);
    slow.timeouts.attempt = Some(150 * MS);
    assert_eq!(starts(&check(&slow)), [vec![0, 650]]);
    // At the same instant the completion wins.
    let mut just = config(1, oks(&[150]));
    just.timeouts.attempt = Some(150 * MS);
    assert_eq!(how(&check(&just)), [End::Served]);
}

#[test]
fn a_first_token_that_does_not_come_is_tried_again() {
    let mut calls = patient(1, 2, vec![item([streaming(100, &[60, 90]), streaming(100, &[50, 90])])]);
    calls.timeouts.first_token = Some(50 * MS);
    let told = check(&calls);
    assert_eq!((starts(&told), how(&told)), (vec![vec![0, 550]], vec![End::Served]));
}

/// Guards against asking again for what has half arrived: it may be billed twice.
#[test]
fn a_stream_that_falls_silent_fails_for_good() {
    let mut calls = patient(1, 5, vec![item([streaming(60_000, &[100, 200, 300])])]);
    calls.timeouts.idle = Some(150 * MS);
    let told = check(&calls);
    assert_eq!((ends(&told), how(&told)), (vec![450], vec![End::Failed(Why::Stalled)]));
    assert_eq!((starts(&told)[0].len(), told.uncertain), (1, 1));
}

/// Guards against a part that arrives at the instant of the time-out and is not heard.
#[test]
fn a_part_at_the_last_instant_is_in_time() {
    let mut calls = config(1, vec![item([streaming(300, &[100, 250])])]);
    calls.timeouts.idle = Some(150 * MS);
    assert_eq!(how(&check(&calls)), [End::Served]);
}

#[test]
fn who_waits_too_long_to_be_sent_is_never_billed() {
    let mut calls = config(1, oks(&[100; 4]));
    calls.timeouts.queue = Some(150 * MS);
    let told = check(&calls);
    let late = End::Failed(Why::QueueTimeout);
    assert_eq!(how(&told), [End::Served, End::Served, late, late]);
    assert_eq!(ends(&told), [100, 200, 150, 150]);
    assert_eq!((starts(&told).concat().len(), told.settled_us), (2, 200 * MS));
}

/// Guards against a backoff that ends after the call has to be over.
#[test]
fn a_retry_that_would_come_too_late_is_not_waited_for() {
    let refused_long = vec![item([refused(100, 10_000), ok(50)])];
    let with = |timeouts| check(&Config { timeouts, ..config(1, refused_long.clone()) });
    let told = with(Timeouts { item: Some(3000 * MS), ..Timeouts::default() });
    assert_eq!((ends(&told), how(&told)), (vec![100], vec![End::Failed(Why::Deadline)]));
    for (run_ms, end) in [(10_100, End::Failed(Why::Deadline)), (10_151, End::Served)] {
        let told = with(Timeouts { run: Some(run_ms * MS), ..Timeouts::default() });
        assert_eq!(how(&told), [end], "{run_ms} ms");
    }
}

#[test]
fn a_call_and_a_run_have_time_outs_of_their_own() {
    let mut calls = config(1, oks(&[100; 3]));
    calls.timeouts.item = Some(150 * MS);
    let late = End::Failed(Why::ItemTimeout);
    assert_eq!(how(&check(&calls)), [End::Served, late, late]);
    calls.timeouts = Timeouts { run: Some(150 * MS), ..Timeouts::default() };
    let told = check(&calls);
    let over = End::Failed(Why::RunTimeout);
    assert_eq!((how(&told), ends(&told)), (vec![End::Served, over, over], vec![100, 150, 150]));
    assert_eq!(first_starts(&told), [0, 100]);
}

/// The defaults of the common client libraries: three attempts, half a second doubling to eight.
#[test]
fn the_usual_policy_waits_as_the_common_libraries_do() {
    let RetryPolicy { max_attempts, max_refusals, base_us, cap_us, jitter, budgeted } = RetryPolicy::STANDARD;
    assert_eq!((max_attempts, max_refusals, base_us, cap_us), (3, 10, 500 * MS, 8000 * MS));
    assert_eq!((jitter, budgeted), (Jitter::Equal, true));
}

#[test]
fn what_the_server_refuses_for_good_is_not_tried_again() {
    let told = check(&patient(1, 5, vec![item([rejected(10), ok(10)])]));
    assert_eq!(how(&told), [End::Failed(Why::Final)]);
}

#[test]
fn jitter_only_ever_lengthens_a_wait_that_was_asked_for() {
    let failed = CallError::Server { status: 500, message: String::new() };
    // A tenth more, and five seconds at most.
    let refused = [Wait::Header { us: 60 * SECOND }, Wait::Body { us: 60 * SECOND }]
        .map(|wait| CallError::Refused { status: 429, wait, message: String::new() });
    // Of one second: all of it, its second half, anything, three quarters to all of it.
    for (jitter, least_us, most_us) in [
        (Jitter::None, SECOND, SECOND),
        (Jitter::Equal, SECOND / 2, SECOND),
        (Jitter::Full, 0, SECOND),
        (Jitter::Quarter, 3 * SECOND / 4, SECOND),
    ] {
        let policy = RetryPolicy { jitter, max_attempts: 3, ..ONE_TRY };
        let (mut delays, mut longest_us) = (Vec::new(), 0);
        for item in 0..1000 {
            let after = |error: &CallError, failures, refusals| {
                let standing = Standing {
                    tries: Tries { failures, refusals },
                    draws: DrawKey { seed: 42, item, call: 0 },
                    in_budget: true,
                    left_us: None,
                };
                match decide(&policy, error, standing) {
                    Decision::Retry { delay_us, pause, .. } => (delay_us, pause),
                    Decision::GiveUp(gave_up) => panic!("gave up: {gave_up:?}"),
                }
            };
            for refused in &refused {
                let (delay_us, pause) = after(refused, 0, 1);
                assert!((60 * SECOND..=65 * SECOND).contains(&delay_us), "{delay_us}");
                assert!(pause);
                longest_us = longest_us.max(delay_us);
            }
            let (delay_us, pause) = after(&failed, 2, 0);
            assert!((least_us..=most_us).contains(&delay_us), "{jitter:?}: {delay_us}");
            assert!(!pause);
            delays.push(delay_us);
        }
        let drawn_out = if jitter == Jitter::None { 60 * SECOND } else { 64 * SECOND };
        assert!(longest_us >= drawn_out, "{jitter:?}: {longest_us}");
        let (low, high) = (delays.iter().min().copied(), delays.iter().max().copied());
        let span = high.zip(low).map_or(0, |(high, low)| high - low);
        assert!(span >= (most_us - least_us) * 9 / 10, "{jitter:?} uses its range: {span}");
    }
}

#[test]
fn the_order_of_reasons_to_give_up() {
    let policy = RetryPolicy { max_attempts: 2, max_refusals: 1, ..ONE_TRY };
    let server = CallError::Server { status: 500, message: String::new() };
    let refused = |us| CallError::Refused { status: 429, wait: Wait::Header { us }, message: String::new() };
    let standing = |failures, refusals, in_budget, left_us| Standing {
        tries: Tries { failures, refusals },
        draws: DrawKey { seed: 1, item: 0, call: 0 },
        in_budget,
        left_us,
    };
    let none = Some(0);
    for (error, standing, gave_up) in [
        (server.clone(), standing(2, 0, false, none), GaveUp::AttemptsUsed { attempts: 2 }),
        (server.clone(), standing(1, 0, false, none), GaveUp::RetryBudgetUsed),
        (server.clone(), standing(1, 0, true, none), GaveUp::TooLate),
        (server, standing(1, 0, true, Some(500 * MS)), GaveUp::TooLate),
        (refused(SECOND), standing(0, 2, false, none), GaveUp::RefusalsUsed { refusals: 2 }),
        (refused(121 * SECOND), standing(0, 2, false, none), GaveUp::WaitTooLong { wait_us: 121 * SECOND }),
        (refused(SECOND), standing(0, 1, false, Some(SECOND)), GaveUp::TooLate),
    ] {
        assert_eq!(decide(&policy, &error, standing), Decision::GiveUp(gave_up), "{error:?} {standing:?}");
    }
}
