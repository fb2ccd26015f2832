//! Calls as rows of a table.

use std::sync::Arc;

use fanout::analysis::calls::{CallRow, Column, rows};
use fanout::analysis::metrics::metrics;
use fanout::analysis::recording::{Recording, Text};
use fanout::analysis::rehearsal::rehearse;
use fanout::analysis::story::Stories;
use fanout::engine::call::{CallId, Certainty};
use fanout::engine::price::Price;
use fanout::engine::trace::What;
use fanout::scenario::ArmKind;

use crate::traces::{admitted, at, entered, plan, scenario, served};

const PRICE: Price =
    Price { input_nano_usd: 100, cached_nano_usd: 10, cache_write_nano_usd: 125, output_nano_usd: 400 };

fn recording() -> Recording {
    let scenario = scenario(|draft| {
        draft.limits.requests_per_minute = Some(60);
        draft.limits.attempts = 1;
        draft.simulation.fault_percent = 20;
    });
    rehearse(&scenario, ArmKind::MapReduce, Some(PRICE)).expect("it does not stall")
}

fn table(recording: &Recording, by: Column, falling: bool) -> Vec<CallRow> {
    let stories = Stories::of(&recording.events, recording.plan.len(), recording.last_us());
    rows(recording, &stories, Some(PRICE), by, falling)
}

/// Guards against a table that tells something else than the numbers beside it.
#[test]
fn the_rows_add_up_to_the_numbers_of_the_arm() {
    let recording = recording();
    let rows = table(&recording, Column::Call, false);
    let sum = |column: Column| rows.iter().filter_map(|row| row.values[column as usize]).sum::<u64>();
    let numbers = metrics(&recording, None, Some(PRICE));
    let tokens = numbers.input_tokens.value.zip(numbers.output_tokens.value).map(|(one, other)| one + other);
    assert_eq!(Some(sum(Column::Tokens)), tokens);
    assert_eq!(Some(sum(Column::Cost)), numbers.cost_nano_usd.value);
    let outcomes = |text: &str| rows.iter().filter(|row| row.text(Column::Outcome) == text).count() as u64;
    assert_eq!(Some(outcomes("failed")), numbers.failed.value);
    assert_eq!(Some(outcomes("cancelled")), numbers.cancelled.value);
    assert!(outcomes("failed") > 0 && outcomes("done") > 0, "the case shows both");
}

#[test]
fn a_column_sorts_both_ways_and_keeps_the_order_of_equal_rows() {
    let recording = recording();
    for column in Column::ALL {
        let key = |row: &CallRow| row.values[column as usize];
        let rising = table(&recording, column, false);
        let falling = table(&recording, column, true);
        assert!(rising.is_sorted_by_key(|row| (key(row), row.call)), "{column:?}");
        assert!(falling.is_sorted_by_key(|row| (std::cmp::Reverse(key(row)), row.call)), "{column:?}");
        assert_eq!(rising.len(), recording.plan.len());
    }
}

/// Guards against a bill that the next call is charged with, too.
#[test]
fn a_bill_is_of_the_call_that_is_served_next() {
    let call = CallId(0);
    let events = vec![
        at(0, entered(0)),
        at(0, entered(1)),
        at(0, admitted(0)),
        at(0, admitted(1)),
        at(100, What::Billed { call, nano_usd: 7_000_000 }),
        at(100, served(0, 10, 20, Certainty::Known)),
        at(200, served(1, 10, 20, Certainty::Known)),
    ];
    let texts = vec![Text::default(), Text::default()];
    let plan = Arc::new(plan(&[None, None]));
    let recording = Recording { plan, events, texts, outcome: None, now_us: 200_000 };
    let stories = Stories::of(&recording.events, 2, recording.now_us);
    let costs: Vec<_> = rows(&recording, &stories, Some(PRICE), Column::Call, false)
        .iter()
        .map(|row| row.values[Column::Cost as usize])
        .collect();
    assert_eq!(costs, [Some(7_000_000), Some(10 * 100 + 20 * 400)]);
}

#[test]
fn what_nobody_knows_is_not_nothing() {
    let recording = recording();
    let stories = Stories::of(&recording.events, recording.plan.len(), recording.last_us());
    let rows = rows(&recording, &stories, None, Column::Call, false);
    assert!(rows.iter().all(|row| row.text(Column::Cost) == "unknown"));
    let lost = rows.iter().find(|row| row.text(Column::Outcome) == "failed").expect("one fails");
    assert_eq!(lost.text(Column::Tokens), "unknown");
}
