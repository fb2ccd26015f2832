//! Concurrency, rates, budgets, the window: who starts when, and why the others wait.

use fanout::engine::clock::MS;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::oracle::{
    Adaptive, Bucket, Config, End, Item, Order, Requests, StepEnd, Told, ToldItem, Why, tell,
};
use crate::scripted::{Course, config, item, ok, oks, refused, run, server, step, streaming};

/// Runs the script as futures, in advance and through the oracle, which all have to agree.
#[track_caller]
pub fn check(config: &Config) -> Told {
    let (told, _) = run(config, Course::Awaited);
    assert_eq!(told, run(config, Course::Foreseen).0, "known in advance");
    let mut oracle = tell(config);
    if config.budget.is_none() {
        oracle.spent = 0;
    }
    assert_eq!(told, oracle, "the oracle");
    told
}

/// Milliseconds of every call.
pub fn ms(told: &Told, of: fn(&ToldItem) -> u64) -> Vec<u64> {
    told.items.iter().map(|item| of(item) / MS).collect()
}

pub fn starts(told: &Told) -> Vec<Vec<u64>> {
    told.items.iter().map(|item| item.starts.iter().map(|us| us / MS).collect()).collect()
}

pub fn first_starts(told: &Told) -> Vec<u64> {
    told.items.iter().filter_map(|item| Some(item.starts.first()? / MS)).collect()
}

pub fn ends(told: &Told) -> Vec<u64> {
    told.items.iter().filter_map(|item| Some(item.ended_us? / MS)).collect()
}

pub fn how(told: &Told) -> Vec<End> {
    told.items.iter().map(|item| item.end).collect()
}

#[test]
fn two_at_a_time() {
    let told = check(&config(2, oks(&[100; 5])));
    assert_eq!(first_starts(&told), [0, 0, 100, 100, 200]);
    assert_eq!(ends(&told), [100, 100, 200, 200, 300]);
    assert_eq!((told.ended_us, told.peak), (300 * MS, 2));
    assert_eq!(ms(&told, |item| item.queued), [0, 0, 100, 100, 200]);
}

#[test]
fn the_next_in_line_gets_a_free_slot() {
    for (cap, latencies, starts, expected, peak) in [
        (1, &[30, 20, 10][..], &[0, 30, 50][..], &[30, 50, 60][..], 1),
        (10, &[100, 200, 300, 400, 500], &[0; 5], &[100, 200, 300, 400, 500], 5),
        (3, &[300, 100, 200, 100, 100], &[0, 0, 0, 100, 200], &[300, 100, 200, 200, 300], 3),
    ] {
        let told = check(&config(cap, oks(latencies)));
        assert_eq!(first_starts(&told), starts);
        assert_eq!(ends(&told), expected);
        assert_eq!(told.peak, peak);
    }
}

#[test]
fn the_longest_call_last_costs_most() {
    for (latencies, makespan) in [([100, 100, 100, 300], 400), ([300, 100, 100, 100], 300)] {
        assert_eq!(check(&config(2, oks(&latencies))).ended_us, makespan * MS, "{latencies:?}");
    }
}

#[test]
fn nothing_to_do_is_done_at_once() {
    let (told, view) = run(&config(2, Vec::new()), Course::Awaited);
    assert_eq!(told.settled_us, 0);
    assert_eq!(view.trace().events().count(), 0);
}

#[test]
fn a_request_rate_spaces_starts() {
    let mut five = config(10, oks(&[10; 5]));
    five.requests = Some(Requests::Bucket { per_minute: 60, burst: 1 });
    let told = check(&five);
    assert_eq!(first_starts(&told), [0, 1000, 2000, 3000, 4000]);
    assert_eq!(told.ended_us, 4010 * MS);
    assert_eq!(ms(&told, |item| item.request_rate), [0, 1000, 2000, 3000, 4000]);
    assert_eq!(ms(&told, |item| item.queued), [0; 5]);
}

#[test]
fn a_full_bucket_lets_twice_the_rate_through_in_its_first_minute() {
    let mut calls = config(1000, oks(&[0; 130]));
    calls.requests = Some(Requests::Bucket { per_minute: 60, burst: 60 });
    let starts = first_starts(&check(&calls));
    assert_eq!(starts.iter().filter(|ms| **ms == 0).count(), 60);
    assert_eq!(starts.iter().filter(|ms| **ms <= 60_000).count(), 120);
    assert_eq!(starts.last(), Some(&70_000));
}

#[test]
fn a_rolling_window_never_lets_more_than_the_rate_through_in_any_minute() {
    let mut calls = config(1000, oks(&[0; 130]));
    calls.requests = Some(Requests::Rolling { per_minute: 60 });
    let starts = first_starts(&check(&calls));
    let at = |ms| starts.iter().filter(|other| **other == ms).count();
    assert_eq!([at(0), at(60_000), at(120_000)], [60, 60, 10]);
}

#[test]
fn a_burst_goes_first_and_then_the_rate() {
    let mut calls = config(10, oks(&[100; 6]));
    calls.requests = Some(Requests::Bucket { per_minute: 120, burst: 2 });
    let told = check(&calls);
    assert_eq!(first_starts(&told), [0, 0, 500, 1000, 1500, 2000]);
    assert_eq!(told.ended_us, 2100 * MS);
}

/// Calls of 100 ms that reserve and really use so many tokens, at 6,000 a minute.
fn tokens(calls: &[(u32, u32)]) -> Config {
    let item = |(reserved, tokens): &(u32, u32)| Item {
        reserved: *reserved,
        steps: vec![step(100, StepEnd::Served { tokens: *tokens })],
    };
    Config {
        tokens: Some(Bucket { per_minute: 6000, burst: 6000 }),
        ..config(10, calls.iter().map(item).collect())
    }
}

#[test]
fn token_reservations_are_settled() {
    let exact = check(&tokens(&[(2500, 2500); 4]));
    assert_eq!(first_starts(&exact), [0, 0, 15_000, 40_000]);
    assert_eq!(exact.ended_us, 40_100 * MS);
    let overestimated = check(&tokens(&[(2500, 500); 4]));
    assert_eq!(first_starts(&overestimated), [0, 0, 100, 100]);
    assert_eq!(overestimated.ended_us, 200 * MS);
}

/// Guards against a request above the bucket's capacity that waits for ever.
#[test]
fn a_request_above_the_token_limit_goes_on_a_full_bucket_and_leaves_debt() {
    assert_eq!(first_starts(&check(&tokens(&[(9000, 9000), (1000, 1000)]))), [0, 40_000]);
}

/// Guards against an under-estimate that is forgiven: 7,500 tokens for 2,500 reserved are paid back.
#[test]
fn an_underestimate_becomes_debt() {
    let told = check(&tokens(&[(2500, 7500), (2500, 2500), (2500, 2500)]));
    // At 100 ms the level is 6000 - 5000 + 10 - 5000: 2,500 are there again 64.9 s later.
    assert_eq!(first_starts(&told), [0, 0, 65_000]);
}

#[test]
fn a_cancelled_waiter_consumes_nothing() {
    let mut calls = config(10, oks(&[10; 4]));
    calls.requests = Some(Requests::Bucket { per_minute: 60, burst: 1 });
    calls.cancels = vec![(1, 500 * MS)];
    let told = check(&calls);
    assert_eq!(starts(&told), [vec![0], vec![], vec![1000], vec![2000]]);
    assert_eq!((told.items[1].end, told.items[1].ended_us), (End::Cancelled, Some(500 * MS)));
}

#[test]
fn results_in_input_order_wait_for_those_before_them() {
    let mut calls = config(2, oks(&[300, 100, 100, 100]));
    let order = |told: &Told| ms(told, |item| item.delivered_us.unwrap_or(0));
    assert_eq!(order(&check(&calls)), [300, 100, 200, 300]);
    calls.order = Order::Input;
    let told = check(&calls);
    assert_eq!(order(&told), [300; 4]);
    assert_eq!(
        ms(&told, |item| item.delivered_us.unwrap_or(0) - item.ended_us.unwrap_or(0)),
        [0, 200, 100, 0]
    );
    assert_eq!(told.ended_us, 300 * MS);
}

/// Guards against ordered delivery that holds permits, as `buffered` does: with a window it may only
/// hold places.
#[test]
fn in_input_order_the_window_bounds_what_was_begun_and_not_handed_over() {
    for (window, starts, makespan) in
        [(2, [0, 0, 300, 300], 400), (3, [0, 0, 100, 300], 400), (4, [0, 0, 100, 200], 300)]
    {
        let mut calls = config(2, oks(&[300, 100, 100, 100]));
        calls.order = Order::Input;
        calls.window = Some(window);
        let told = check(&calls);
        assert_eq!(first_starts(&told), starts, "window {window}");
        assert_eq!(told.ended_us, makespan * MS, "window {window}");
    }
}

/// Guards against a permit that is given back at the first byte of a stream.
#[test]
fn a_stream_keeps_its_permit_to_its_end() {
    let told = check(&config(1, vec![item([streaming(500, &[100])]); 2]));
    assert_eq!(first_starts(&told), [0, 500]);
    assert_eq!(ends(&told), [500, 1000]);
}

/// Refusals halve the limit once for all that were under way; it rises by one after as many
/// successes as it is high.
#[test]
fn an_adaptive_limit_follows_refusals_only() {
    // When each call begins and ends, in ms, at an initial limit of 4: four successes, five more, two
    // refusals of one epoch, three successes, a refusal of the next.
    let begun = [0, 0, 0, 0, 10, 20, 30, 40, 40, 50, 60, 70, 80, 90, 90, 130, 140, 140, 170, 170, 180];
    let end =
        [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 1000, 150, 160, 170, 180, 190, 200];
    let items = (0..begun.len()).map(|i| {
        let ms = end[i] - begun[i];
        item([if [9, 10, 15].contains(&i) { refused(ms, 5000) } else { ok(ms) }])
    });
    let mut calls = config(8, items.collect());
    calls.adaptive = Some(Adaptive { init: 4, min: 1 });
    calls.retry.max_refusals = 0;
    let told = check(&calls);
    assert_eq!(first_starts(&told), begun);
    assert_eq!(ends(&told), end);
    assert_eq!(told.peak, 6);
}

#[test]
fn a_budget_is_reserved_before_anything_is_sent() {
    let costs = |reserved, tokens| Item { reserved, steps: vec![step(100, StepEnd::Served { tokens })] };
    let mut calls = config(4, vec![costs(60, 50), costs(40, 40), costs(20, 5), costs(10, 1)]);
    calls.budget = Some(100);
    let told = check(&calls);
    assert_eq!(starts(&told), [vec![0], vec![0], vec![], vec![100]]);
    assert_eq!(told.items[2].end, End::Failed(Why::OverBudget));
    assert_eq!(ms(&told, |item| item.budget), [0, 0, 100, 100]);
    assert_eq!(told.spent, 91);
}

/// Guards against a server error that counts as unpaid: it may have worked.
#[test]
fn what_may_have_been_billed_counts_against_the_budget() {
    let mut calls = config(1, vec![Item { reserved: 60, steps: vec![server(10)] }; 2]);
    calls.budget = Some(100);
    let told = check(&calls);
    assert_eq!(how(&told), [End::Failed(Why::AttemptsUsed), End::Failed(Why::OverBudget)]);
    assert_eq!((told.spent, told.uncertain), (60, 1));
}

#[test]
fn limits_change_while_calls_are_in_flight() {
    let mut calls = config(4, oks(&[100; 8]));
    calls.resizes = vec![(50 * MS, 1), (250 * MS, 3)];
    assert_eq!(first_starts(&check(&calls)), [0, 0, 0, 0, 100, 200, 250, 250]);
}

/// After a pause one goes ahead; the others follow once it was not refused.
#[test]
fn a_probe_goes_ahead_of_the_others() {
    let mut items = oks(&[100; 6]);
    items[0] = item([refused(10, 1000), ok(100)]);
    items[1] = item([ok(5000)]);
    let mut calls = config(3, items);
    calls.probe = true;
    let told = check(&calls);
    assert_eq!(starts(&told), [vec![0, 1010], vec![0], vec![0], vec![1110], vec![1110], vec![1210]]);
    assert_eq!(told.items[3].paused, 1100 * MS);
    calls.items[0] = item([refused(10, 1000), refused(10, 500), ok(100)]);
    let told = check(&calls);
    assert_eq!(starts(&told)[0], [0, 1010, 1520]);
    assert_eq!(starts(&told)[3], [1620]);
}
