//! The numbers of small traces, against numbers worked out by hand.

use std::sync::Arc;

use fanout::analysis::metrics::{Figure, Metrics, metrics};
use fanout::analysis::recording::Recording;
use fanout::engine::call::CallId;
use fanout::engine::call::Certainty::{self, Estimated, Known, Unknown};
use fanout::engine::price::Price;
use fanout::engine::trace::{End, Event, Failure, What};

use crate::traces::{admitted, at, backing_off, ended, entered, failed, plan, served, served_with, used};

/// 0.1 and 0.5 USD a million.
const PRICE: Price =
    Price { input_nano_usd: 100, cached_nano_usd: 10, cache_write_nano_usd: 125, output_nano_usd: 500 };

fn recording(feeds: &[Option<u32>], events: Vec<Event>) -> Recording {
    Recording { plan: Arc::new(plan(feeds)), events, ..Recording::default() }
}

#[track_caller]
fn check(recording: &Recording, expected: Metrics) {
    assert_eq!(metrics(recording, Some(9_000_000), Some(PRICE)), expected);
}

/// Three calls, two at a time; the second is refused once, then fails once, and is served; the
/// third is rejected.
fn with_trouble() -> Recording {
    let events = vec![
        at(0, entered(0)),
        at(0, entered(1)),
        at(0, entered(2)),
        at(0, admitted(0)),
        at(0, admitted(1)),
        at(80, failed(1, Failure::Refused)),
        at(80, backing_off(1, 100)),
        at(80, admitted(2)),
        at(180, failed(2, Failure::Rejected)),
        at(180, ended(2, End::Failed)),
        at(180, admitted(1)),
        at(200, failed(1, Failure::Server)),
        at(200, backing_off(1, 100)),
        at(250, served_with(0, 1000, 20, 40)),
        at(300, admitted(1)),
        at(450, served_with(1, 300, 4, 2)),
    ];
    recording(&[None, None, None], events)
}

const TROUBLE: Metrics = Metrics {
    has_outcome: false,
    makespan_us: known(450_000),
    sequential_us: known(9_000_000),
    peak_in_flight: known(2),
    refusals: known(1),
    retries: known(2),
    failed: known(1),
    cancelled: known(0),
    input_tokens: known(1300),
    output_tokens: known(24),
    // 1300 × 100 + 24 × 500
    cost_nano_usd: known(142_000),
    peak_held_bytes: known(42),
};

const fn known(value: u64) -> Figure {
    Figure { value: Some(value), certainty: Known }
}

#[test]
fn every_number_of_a_run_with_trouble_is_right() {
    check(&with_trouble(), TROUBLE);
}

/// Unknown is not zero: a run of which nothing has ended took no known time.
#[test]
fn before_anything_ended_its_time_is_unknown_and_all_counts_are_zero() {
    let zero = known(0);
    let expected = Metrics {
        makespan_us: Figure::UNKNOWN,
        peak_in_flight: zero,
        refusals: zero,
        retries: zero,
        failed: zero,
        input_tokens: zero,
        output_tokens: zero,
        cost_nano_usd: zero,
        peak_held_bytes: zero,
        ..TROUBLE
    };
    check(&recording(&[], Vec::new()), expected);
}

/// Guards against showing nothing to pay where nobody knows the price.
#[test]
fn a_model_without_a_price_has_an_unknown_cost() {
    let found = metrics(&with_trouble(), None, None);
    assert_eq!(found.cost_nano_usd, Figure::UNKNOWN);
    assert_eq!(found.input_tokens, known(1300));
}

/// Served attempts: 250 and 150 ms.
#[test]
fn without_a_run_one_by_one_its_time_is_estimated() {
    let found = metrics(&with_trouble(), None, Some(PRICE));
    assert_eq!(found.sequential_us, Figure::estimated(400_000));
}

#[test]
fn a_sum_is_as_sure_as_the_least_sure_of_its_parts() {
    let both = |certainty: Certainty| {
        let events = vec![
            at(0, admitted(0)),
            at(0, admitted(1)),
            at(1, served(0, 10, 2, Known)),
            at(2, served(1, 10, 2, certainty)),
        ];
        let found = metrics(&recording(&[None, None], events), None, Some(PRICE));
        [found.input_tokens, found.output_tokens, found.cost_nano_usd]
    };
    assert_eq!(both(Known), [20, 4, 4000].map(Figure::known));
    assert_eq!(both(Estimated), [20, 4, 4000].map(Figure::estimated));
    assert_eq!(both(Unknown), [Figure::UNKNOWN; 3]);
}

#[test]
fn an_attempt_that_broke_off_may_have_been_billed() {
    for failure in [Failure::Aborted, Failure::TimedOut, Failure::Truncated] {
        let mut run = with_trouble();
        run.events.extend([at(460, admitted(2)), at(470, failed(2, failure))]);
        let expected = Metrics { cost_nano_usd: Figure::estimated(142_000), ..TROUBLE };
        check(&run, expected);
    }
}

#[test]
fn a_stopped_run_counts_what_was_cancelled() {
    let mut run = with_trouble();
    run.events.truncate(14);
    run.events.push(at(260, ended(1, End::Cancelled)));
    check(
        &run,
        Metrics {
            makespan_us: known(260_000),
            refusals: known(1),
            cancelled: known(1),
            input_tokens: known(1000),
            output_tokens: known(20),
            cost_nano_usd: known(110_000),
            peak_held_bytes: known(40),
            ..TROUBLE
        },
    );
}

/// Documents of 10, 20, 30 and 40 bytes; two reduce calls of 5 and 7; the last of 3.
#[test]
fn a_result_is_held_until_what_it_went_into_is_there() {
    let tree = [Some(4), Some(4), Some(5), Some(5), Some(6), Some(6), None];
    let bytes = [10, 20, 30, 40, 5, 7, 3];
    for (order, peak) in [
        // All documents first: 100, and the first reduce while its inputs are still there.
        ([0, 1, 2, 3, 4, 5, 6], 105),
        // Branch by branch: 5 + 30 + 40, and the second reduce.
        ([0, 1, 4, 2, 3, 5, 6], 82),
        ([2, 3, 5, 0, 1, 4, 6], 77),
    ] {
        let mut events = Vec::new();
        for (call, ms) in order.iter().zip(0..) {
            let inputs = (0..7).filter(|input| tree[*input as usize] == Some(*call));
            events.extend(inputs.map(|input| at(ms, used(input, *call))));
            events.push(at(ms, served_with(*call, 0, 0, bytes[*call as usize])));
        }
        let found = metrics(&recording(&tree, events), None, None);
        assert_eq!(found.peak_held_bytes, known(peak), "{order:?}");
    }
    // What failed holds nothing, and nothing is let go for it; what was counted is let go at once.
    let events = vec![
        at(1, served_with(0, 0, 0, 10)),
        at(2, ended(1, End::Failed)),
        at(3, used(0, 4)),
        at(3, served_with(4, 0, 0, 5)),
        at(4, ended(5, End::Skipped)),
        at(5, served_with(2, 0, 0, 9)),
        at(5, What::Released(CallId(2))),
        at(6, used(4, 6)),
        at(6, ended(6, End::Failed)),
        at(7, served_with(3, 0, 0, 11)),
    ];
    assert_eq!(metrics(&recording(&tree, events), None, None).peak_held_bytes, known(15));
}

/// Guards against paying in full for what a cache had, and against a list price where the server
/// says what it charges.
#[test]
fn cached_input_costs_what_it_costs_and_a_bill_counts_before_a_list() {
    let cost = |details: &[What], price| {
        let mut events = vec![at(0, admitted(0))];
        events.extend(details.iter().map(|what| at(5, *what)));
        events.push(at(5, served(0, 1000, 20, Known)));
        events.extend([at(5, admitted(1)), at(9, served(1, 10, 2, Known))]);
        metrics(&recording(&[None, None], events), None, price).cost_nano_usd
    };
    let call = CallId(0);
    let counted = What::Counted { call, cached_tokens: 600, cache_write_tokens: 300, reasoning_tokens: 15 };
    // 100 × 100 + 600 × 10 + 300 × 125 + 20 × 500, and 10 × 100 + 2 × 500
    assert_eq!(cost(&[counted], Some(PRICE)), known(63_500 + 2_000));
    let billed = What::Billed { call, nano_usd: 7_000_000_000_000 };
    assert_eq!(cost(&[counted, billed], Some(PRICE)), known(7_000_000_000_000 + 2_000));
    assert_eq!(cost(&[billed], None), Figure::UNKNOWN, "the second call was not billed");
    let free = |call| What::Billed { call: CallId(call), nano_usd: 0 };
    let events = [at(5, free(0)), at(5, served(0, 9, 2, Known))];
    let found = metrics(&recording(&[None], events.to_vec()), None, None);
    assert_eq!(found.cost_nano_usd, known(0), "a bill of nothing is a bill");
}
