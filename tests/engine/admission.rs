//! Concurrency, rates and the window.

use fanout::engine::limiter::core::Limits;
use fanout::engine::trace::{End, WaitReason};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scripted::{Script, Scripted, cap, held_for, ok, rate, script};

struct Expected<'a> {
    starts: &'a [u64],
    ends: &'a [u64],
    makespan: u64,
    peak: usize,
}

fn check(script: &Script, expected: &Expected) {
    let (done, _) = script.run();
    assert_eq!(done.first_starts(), expected.starts, "starts");
    assert_eq!(done.end_times(), expected.ends, "ends");
    assert_eq!(done.makespan, expected.makespan, "makespan");
    assert_eq!(done.peak, expected.peak, "peak in flight");
}

fn oks(ms: &[u64]) -> Vec<Vec<crate::scripted::Step>> {
    ms.iter().map(|ms| ok(*ms)).collect()
}

#[test]
fn two_at_a_time() {
    let five = script(cap(2), oks(&[100; 5]));
    check(
        &five,
        &Expected {
            starts: &[0, 0, 100, 100, 200],
            ends: &[100, 100, 200, 200, 300],
            makespan: 300,
            peak: 2,
        },
    );
    assert_eq!(five.run().0.waited, [0, 0, 100, 100, 200]);
}

#[test]
fn one_at_a_time_keeps_input_order() {
    let three = script(cap(1), oks(&[30, 20, 10]));
    check(&three, &Expected { starts: &[0, 30, 50], ends: &[30, 50, 60], makespan: 60, peak: 1 });
}

#[test]
fn a_limit_above_the_number_of_calls_does_not_matter() {
    let five = script(cap(10), oks(&[100, 200, 300, 400, 500]));
    let ends = [100, 200, 300, 400, 500];
    check(&five, &Expected { starts: &[0; 5], ends: &ends, makespan: 500, peak: 5 });
}

#[test]
fn a_free_slot_goes_to_the_next_in_line() {
    let five = script(cap(3), oks(&[300, 100, 200, 100, 100]));
    check(
        &five,
        &Expected { starts: &[0, 0, 0, 100, 200], ends: &[300, 100, 200, 200, 300], makespan: 300, peak: 3 },
    );
    assert_eq!(five.run().0.order, [1, 2, 3, 0, 4], "completion order");
}

#[test]
fn the_longest_call_last_costs_most() {
    for (latencies, makespan) in [([100, 100, 100, 300], 400), ([300, 100, 100, 100], 300)] {
        assert_eq!(script(cap(2), oks(&latencies)).run().0.makespan, makespan, "{latencies:?}");
    }
}

#[test]
fn nothing_to_do_is_done_at_once() {
    let (done, view) = script(cap(2), oks(&[])).run();
    assert_eq!(done.makespan, 0);
    assert_eq!(view.trace().events(), []);
}

#[test]
fn chunks_wait_for_their_slowest() {
    let mut calls = script(cap(2), oks(&[300, 100, 100, 100, 100]));
    assert_eq!(calls.run().0.makespan, 400);
    assert_eq!(calls.run().0.first_starts(), [0, 0, 100, 200, 300]);
    calls.chunk = Some(2);
    assert_eq!(calls.run().0.makespan, 500);
}

#[test]
fn the_window_bounds_what_is_between_entry_and_end() {
    let mut calls = script(cap(4), oks(&[100; 6]));
    calls.window = Some(2);
    let ends = [100, 100, 200, 200, 300, 300];
    let starts = [0, 0, 100, 100, 200, 200];
    check(&calls, &Expected { starts: &starts, ends: &ends, makespan: 300, peak: 2 });
}

#[test]
fn a_request_rate_spaces_starts() {
    let one_a_second = Limits { requests: rate(60, 1), ..cap(10) };
    let five = script(one_a_second, oks(&[10; 5]));
    check(
        &five,
        &Expected {
            starts: &[0, 1000, 2000, 3000, 4000],
            ends: &[10, 1010, 2010, 3010, 4010],
            makespan: 4010,
            peak: 1,
        },
    );
    let (done, view) = five.run();
    assert_eq!(done.waited, [0, 1000, 2000, 3000, 4000]);
    assert_eq!(held_for(&view, WaitReason::RequestRate), 4000);
    assert_eq!(held_for(&view, WaitReason::Concurrency), 0);
}

#[test]
fn a_full_bucket_lets_twice_the_rate_through_in_its_first_minute() {
    let a_minute_of_burst = Limits { requests: rate(60, 60), ..cap(1000) };
    let (done, _) = script(a_minute_of_burst, oks(&[0; 130])).run();
    let starts = done.first_starts();
    assert_eq!(starts.iter().filter(|ms| **ms == 0).count(), 60);
    assert_eq!(starts.iter().filter(|ms| **ms <= 60_000).count(), 120);
    assert_eq!(starts.last(), Some(&70_000));
}

#[test]
fn a_burst_goes_first_and_then_the_rate() {
    let limits = Limits { requests: rate(120, 2), ..cap(10) };
    let (done, _) = script(limits, oks(&[100; 6])).run();
    assert_eq!(done.first_starts(), [0, 0, 500, 1000, 1500, 2000]);
    assert_eq!(done.makespan, 2100);
}

#[test]
fn token_reservations_are_settled() {
    let limits = Limits { tokens: rate(6000, 6000), ..cap(10) };
    let calls = |reserved, actual| {
        let call = Scripted { steps: ok(100), reserved, actual };
        script(limits, vec![call; 4]).run().0
    };
    let exact = calls(2500, 2500);
    assert_eq!(exact.first_starts(), [0, 0, 15_000, 40_000]);
    assert_eq!(exact.makespan, 40_100);
    let overestimated = calls(2500, 500);
    assert_eq!(overestimated.first_starts(), [0, 0, 100, 100]);
    assert_eq!(overestimated.makespan, 200);
}

/// Guards against a request above the bucket's capacity that waits for ever.
#[test]
fn a_request_above_the_token_limit_goes_on_a_full_bucket_and_leaves_debt() {
    let limits = Limits { tokens: rate(6000, 6000), ..cap(10) };
    let calls = [9000, 1000].map(|reserved| Scripted { steps: ok(100), reserved, actual: reserved });
    assert_eq!(script(limits, calls.to_vec()).run().0.first_starts(), [0, 40_000]);
}

#[test]
fn a_cancelled_waiter_consumes_nothing() {
    let mut calls = script(Limits { requests: rate(60, 1), ..cap(10) }, oks(&[10; 4]));
    calls.cancel = Some((Some(1), 500));
    let (done, _) = calls.run();
    assert_eq!(done.starts, [vec![0], vec![], vec![1000], vec![2000]]);
    assert_eq!(done.ends[1], Some((500, End::Cancelled)));
}
