//! Failure policies: who is cancelled, when the caller goes on, what it has.

use fanout::engine::clock::MS;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::admission::{check, ends, how, ms, starts};
use crate::oracle::{Config, End, Item, Policy, Told, Why};
use crate::scripted::{config, item, ok, oks, rejected, server};

const FINAL: End = End::Failed(Why::Final);

fn under(policy: Policy, cap: u32, items: &[Item]) -> Told {
    check(&Config { policy, ..config(cap, items.to_vec()) })
}

/// Settled, last end and attempts, times in ms.
fn summary(told: &Told) -> (u64, u64, usize) {
    (told.settled_us / MS, told.ended_us / MS, starts(told).concat().len())
}

#[test]
fn six_calls_of_which_the_first_fails() {
    let mut items = oks(&[100; 6]);
    items[0] = item([rejected(100)]);
    let told = under(Policy::FailFast, 2, &items);
    assert_eq!(summary(&told), (100, 100, 2));
    let cancelled = [End::Cancelled; 4];
    assert_eq!(how(&told), [&[FINAL, End::Served][..], &cancelled].concat());
    for (policy, settled) in [(Policy::Collect, 300), (Policy::Gather, 100)] {
        let told = under(policy, 2, &items);
        assert_eq!(summary(&told), (settled, 300, 6), "{policy:?}");
        assert_eq!(how(&told).iter().filter(|end| **end == End::Served).count(), 5);
    }
}

/// Guards against a task group that leaves before its calls have stopped, and against one of two
/// errors of the same instant that is lost.
#[test]
fn a_task_group_waits_for_the_others_to_stop() {
    for (clean_up_ms, settled) in [(30, 80), (0, 50)] {
        let mut calls = config(3, vec![item([ok(100)]), item([rejected(50)]), item([ok(200)])]);
        calls.policy = Policy::TaskGroup;
        calls.clean_up_us = clean_up_ms * MS;
        let told = check(&calls);
        assert_eq!(summary(&told), (settled, settled, 3));
        assert_eq!(how(&told), [End::Cancelled, FINAL, End::Cancelled]);
        assert_eq!(ms(&told, |item| item.cleaning_up), [clean_up_ms, 0, clean_up_ms]);
        calls.items[0] = item([rejected(50)]);
        let told = check(&calls);
        assert_eq!(how(&told), [FINAL, FINAL, End::Cancelled]);
        assert_eq!(told.settled_us, settled * MS);
    }
}

/// Guards against a caller that waits for clean-ups although it does not want to.
#[test]
fn who_fails_fast_does_not_wait() {
    let mut calls = config(3, vec![item([ok(100)]), item([rejected(50)])]);
    calls.policy = Policy::FailFast;
    calls.clean_up_us = 30 * MS;
    assert_eq!(summary(&check(&calls)), (50, 80, 2));
}

#[test]
fn a_threshold_bears_so_many_failures() {
    let items =
        [item([ok(100)]), item([rejected(10)]), item([rejected(20)]), item([rejected(50)]), item([ok(500)])];
    for (most, settled) in [(0, 10), (1, 20), (2, 50), (3, 500)] {
        assert_eq!(summary(&under(Policy::Threshold(most), 5, &items)).0, settled, "{most}");
    }
}

#[test]
fn a_quorum_is_left_when_it_is_reached_or_cannot_be() {
    let mut items = oks(&[100, 200, 300, 400, 500]);
    let told = under(Policy::Quorum(3), 5, &items);
    assert_eq!((summary(&told).0, ends(&told)), (300, vec![100, 200, 300, 300, 300]));
    for i in [1, 2] {
        items[i] = item([rejected(10)]);
    }
    items[3] = item([rejected(50)]);
    assert_eq!(summary(&under(Policy::Quorum(3), 5, &items)).0, 50);
    assert_eq!(how(&under(Policy::Quorum(6), 5, &items)), [End::NeverEntered; 5]);
}

/// Guards against a call that is cancelled and counts as a failure.
#[test]
fn cancelling_one_call_is_no_failure() {
    for policy in [Policy::FailFast, Policy::TaskGroup, Policy::Gather, Policy::Threshold(0)] {
        let mut calls = config(3, oks(&[100; 3]));
        calls.policy = policy;
        calls.cancels = vec![(1, 50 * MS)];
        assert_eq!(how(&check(&calls)), [End::Served, End::Cancelled, End::Served], "{policy:?}");
    }
}

#[test]
fn stopping_keeps_what_is_done_and_marks_what_was_in_flight() {
    let mut calls = config(2, oks(&[100; 5]));
    calls.stop_at = Some(150 * MS);
    let told = check(&calls);
    let cancelled = [End::Cancelled; 3];
    assert_eq!(how(&told), [&[End::Served; 2][..], &cancelled].concat());
    assert_eq!(summary(&told), (150, 150, 4));
    assert_eq!(told.uncertain, 2);
}

#[test]
fn stopping_ends_a_backoff_at_once() {
    let mut calls = config(1, vec![item([server(100), ok(1)])]);
    calls.retry.max_attempts = 3;
    calls.retry.base_us = 1000 * MS;
    calls.stop_at = Some(400 * MS);
    let told = check(&calls);
    assert_eq!((summary(&told), how(&told)), ((400, 400, 1), vec![End::Cancelled]));
    assert_eq!(ms(&told, |item| item.backing_off), [300]);
}

/// Eight calls of 1.0 to 6.0 s, the third fails for good at 1.8 s: when the caller goes on, when the
/// last call stops, what the caller has, and how many were cancelled.
#[test]
fn eight_calls_of_which_the_third_fails() {
    let mut items = oks(&[1000, 1500, 0, 2500, 3000, 4000, 5000, 6000]);
    items[2] = item([rejected(1800)]);
    for (policy, resumes, stops, served, cancelled) in [
        (Policy::Gather, 1800, 6000, 7, 0),
        (Policy::Collect, 6000, 6000, 7, 0),
        (Policy::TaskGroup, 1800, 1800, 2, 5),
    ] {
        let told = under(policy, 8, &items);
        assert_eq!((told.settled_us / MS, told.ended_us / MS), (resumes, stops), "{policy:?}");
        let count = |end| how(&told).iter().filter(|other| **other == end).count();
        assert_eq!((count(End::Served), count(End::Cancelled)), (served, cancelled), "{policy:?}");
        let unseen = told.items.iter().filter(|item| item.ended_us > Some(told.settled_us)).count();
        assert_eq!(unseen, if policy == Policy::Gather { 5 } else { 0 }, "{policy:?}");
    }
}
