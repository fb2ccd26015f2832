//! The axis and the rows of the waterfall.

use fanout::analysis::recording::Recording;
use fanout::analysis::rehearsal::rehearse;
use fanout::analysis::story::Stories;
use fanout::engine::call::Certainty::Known;
use fanout::engine::trace::{End, Event, Failure, WaitReason, What};
use fanout::scenario::ArmKind;
use fanout::timeline::axis::{Axis, Place, WHOLE};
use fanout::timeline::rows::{Look, Mark, Row, rows};
use fanout::timeline::window::Window;

use crate::traces::{admitted, at, backing_off, ended, entered, failed, first_token, plan, scenario, served};

/// An axis of which only the length counts.
fn bare(length_us: u64) -> Axis {
    Axis { window: Window { from_us: 0, length_us }, ticks_us: Vec::new() }
}

fn check(longest_us: u64, ticks_s: &[f64]) {
    let axis = Axis::new(longest_us);
    let ticks: Vec<f64> = axis.ticks_us.iter().map(|us| *us as f64 / 1e6).collect();
    assert_eq!(ticks, ticks_s, "{longest_us}");
}

#[test]
fn ticks_stand_at_round_times() {
    check(8_100_000, &[0.0, 2.0, 4.0, 6.0, 8.0]);
    check(60_000_000, &[0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]);
    check(500_000, &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    check(400_000_000, &[0.0, 120.0, 240.0, 360.0]);
    check(0, &[0.0, 0.001]);
}

#[test]
fn every_axis_holds_its_run_and_stays_readable() {
    let mut longest_us = 10_000;
    while longest_us < 100_000_000_000 {
        let axis = Axis::new(longest_us);
        assert!(axis.window.length_us >= longest_us);
        assert!((2..=7).contains(&axis.ticks_us.len()), "{longest_us}: {:?}", axis.ticks_us);
        assert!(axis.ticks_us.iter().all(|tick| *tick <= axis.window.length_us));
        assert!(axis.place(longest_us) <= Place(WHOLE));
        longest_us += longest_us / 7;
    }
}

#[test]
fn a_place_is_a_share_of_the_whole() {
    let axis = bare(8_000_000);
    for (at_us, css) in
        [(0, "0.000%"), (1, "0.000%"), (987_654, "12.345%"), (8_000_000, "100.000%"), (u64::MAX, "100.000%")]
    {
        assert_eq!(axis.place(at_us).css(), css);
    }
}

/// Bars stand one after the other within the axis.
fn check_row(row: &Row) {
    let mut end = 0;
    for bar in &row.bars {
        assert!(bar.left.0 >= end, "{row:?}");
        end = bar.left.0 + bar.width.0;
    }
    assert!(end <= WHOLE);
    assert!(row.bars.iter().map(|bar| bar.width.0).sum::<u32>() <= WHOLE);
    if let Some((place, _)) = row.mark {
        assert_eq!(place.0, end, "the mark stands where the last bar ends");
    }
}

#[test]
fn the_bars_of_a_rehearsal_stay_within_the_axis() {
    let scenario = scenario(|draft| {
        draft.limits.requests_per_minute = Some(60);
        draft.simulation.fault_percent = 20;
    });
    for kind in ArmKind::ALL {
        let recording: Recording = rehearse(&scenario, kind, None).expect("it does not stall");
        let stories = Stories::of(&recording.events, recording.plan.len(), recording.last_us());
        let rows = rows(&recording.plan, &stories, &Axis::new(recording.last_us()));
        assert_eq!(rows.len(), recording.plan.len());
        rows.iter().for_each(check_row);
    }
}

#[test]
fn a_row_shows_and_tells_what_its_call_went_through() {
    let events = [
        at(0, entered(0)),
        at(0, admitted(0)),
        at(100, failed(0, Failure::Refused)),
        at(100, backing_off(0, 400)),
        at(500, admitted(0)),
        at(600, first_token(0)),
        at(800, served(0, 1, 1, Known)),
        at(800, ended(1, End::Skipped)),
        at(800, entered(2)),
        at(800, What::Holding(None)),
    ];
    let axis = bare(1_000_000);
    let rows = rows(&plan(&[None, None, None]), &Stories::of(&events, 3, 900_000), &axis);
    let bars: Vec<(Look, u32, u32)> =
        rows[0].bars.iter().map(|bar| (bar.look, bar.left.0, bar.width.0)).collect();
    let expected = [
        (Look::Failed, 0, 10_000),
        (Look::BackingOff, 10_000, 40_000),
        (Look::FirstToken, 50_000, 10_000),
        (Look::Generating, 60_000, 20_000),
    ];
    assert_eq!(bars, expected);
    assert_eq!(rows[0].bars[1].title, "backing off: 400 ms");
    assert_eq!(rows[0].mark, Some((Place(80_000), Mark::Done)));
    let told = [
        "call 0: done at 800 ms, waited 400 ms, 2 attempts",
        "call 1: not called, since nothing arrived for it, waited 0 ms",
        "call 2: not done yet, waited 100 ms",
    ];
    for (row, told) in rows.iter().zip(told) {
        assert_eq!(row.summary, told);
        check_row(row);
    }
    assert_eq!((rows[1].mark, rows[2].mark), (None, None));
}

/// A hundred thousand calls that wait while the reason changes a hundred thousand times once took
/// minutes to draw.
#[test]
fn a_wait_has_no_more_bars_than_can_be_seen() {
    let reasons = [Some(WaitReason::RequestRate), Some(WaitReason::Concurrency), None];
    let changes = (0..20_000).map(|i| at(i, What::Holding(reasons[i as usize % 3])));
    let events: Vec<Event> = [at(0, entered(0))].into_iter().chain(changes).collect();
    let now_us = 20_000_000;
    let stories = Stories::of(&events, 1, now_us);
    let rows = rows(&plan(&[None]), &stories, &bare(now_us));
    assert!(rows[0].bars.len() <= 1000, "{} bars", rows[0].bars.len());
    assert_eq!(rows[0].bars.iter().map(|bar| bar.width.0).sum::<u32>(), WHOLE);
    check_row(&rows[0]);
}
