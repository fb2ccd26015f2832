//! Very many calls as cells, and the cells as pixels.

use fanout::analysis::story::Stories;
use fanout::engine::call::Certainty::Known;
use fanout::engine::trace::{Event, Failure, WaitReason, What};
use fanout::picture::lanes::{Palette, pixels};
use fanout::timeline::axis::Axis;
use fanout::timeline::lanes::{Grid, is_dense};
use fanout::timeline::rows::Look;
use fanout::timeline::window::Window;

use crate::traces::{admitted, at, backing_off, entered, failed, first_token, served};

/// So many calls that wait, are sent and generate have a hundred thousand bars.
const N: u32 = 33_400;

fn grid(
    calls: std::ops::Range<usize>,
    from_ms: u64,
    length_ms: u64,
    n_lanes: usize,
    n_columns: usize,
) -> Grid {
    let window = Window { from_us: from_ms * 1000, length_us: length_ms * 1000 };
    Grid { calls, axis: Axis::of(window), n_lanes, n_columns }
}

/// Four calls, one thing after the other, in milliseconds.
fn four() -> Stories {
    let events = [
        at(0, entered(0)),
        at(0, entered(1)),
        at(0, entered(2)),
        at(0, admitted(0)),
        at(0, What::Holding(Some(WaitReason::RequestRate))),
        at(10, first_token(0)),
        at(20, admitted(1)),
        at(20, What::Holding(Some(WaitReason::Concurrency))),
        at(21, failed(1, Failure::Refused)),
        at(21, backing_off(1, 39)),
        at(40, served(0, 1, 1, Known)),
        at(60, admitted(1)),
        at(80, served(1, 1, 1, Known)),
    ];
    Stories::of(&events, 4, 100_000)
}

/// Cells as letters, a lane on a line.
fn written(grid: &Grid, stories: &Stories) -> Vec<String> {
    let letter = |cell: &Option<Look>| match cell {
        None => '.',
        Some(Look::Queued) => 'q',
        Some(Look::RateWait) => 'r',
        Some(Look::FirstToken) => 't',
        Some(Look::Generating) => 'g',
        Some(Look::BackingOff) => 'b',
        Some(Look::Failed) => 'F',
        Some(_) => '?',
    };
    grid.cells(stories).chunks(grid.n_columns).map(|lane| lane.iter().map(letter).collect()).collect()
}

#[test]
fn a_lane_for_each_call_shows_what_its_bars_show() {
    let lanes = written(&grid(0..4, 0, 100, 4, 10), &four());
    assert_eq!(lanes, ["tggg......", "rrFFFbtt..", "rrqqqqqqqq", ".........."]);
}

#[test]
fn of_what_shares_a_cell_the_most_important_is_seen() {
    assert_eq!(written(&grid(0..4, 0, 100, 1, 10), &four()), ["rrFFFbttqq"]);
    assert_eq!(written(&grid(0..4, 0, 100, 2, 2), &four()), ["FF", "rq"]);
    assert_eq!(written(&grid(0..2, 20, 40, 2, 8), &four()), ["gggg....", "FFFbbbbb"]);
}

/// Guards against a short wait at the rate limit that is lost beside others of its column, or of an earlier one.
#[test]
fn of_reasons_within_a_column_the_most_important_is_seen() {
    let holding = |ms, reason| at(ms, What::Holding(reason));
    let events = [
        at(0, entered(0)),
        holding(0, Some(WaitReason::Concurrency)),
        holding(3, Some(WaitReason::RequestRate)),
        holding(6, None),
        holding(21, Some(WaitReason::RequestRate)),
        holding(24, None),
        at(30, admitted(0)),
        at(40, served(0, 1, 1, Known)),
    ];
    let stories = Stories::of(&events, 1, 40_000);
    assert_eq!(written(&grid(0..1, 0, 40, 1, 4), &stories), ["rqrt"]);
}

/// Guards against a failure that is lost among a hundred thousand bars, wherever it is.
#[test]
fn one_failure_in_a_hundred_thousand_bars_is_seen() {
    for failing in [0, 1, 777, N / 2, N - 2, N - 1] {
        let mut events: Vec<Event> = (0..N).map(|call| at(0, entered(call))).collect();
        events.extend((0..N).flat_map(|call| {
            let ms = 1000 + u64::from(call);
            let ending = match call == failing {
                true => at(ms + 1, failed(call, Failure::Server)),
                false => at(ms + 1, served(call, 1, 1, Known)),
            };
            [at(ms, admitted(call)), at(ms, first_token(call)), ending]
        }));
        events.sort_by_key(|event| event.at_us);
        let stories = Stories::of(&events, N as usize, 40_000_000);
        for (n_lanes, n_columns) in [(250, 300), (500, 1200), (7, 11), (1, 1)] {
            let grid = grid(0..N as usize, 0, 40_000, n_lanes, n_columns);
            let cells = grid.cells(&stories);
            let found: Vec<usize> = (0..cells.len()).filter(|i| cells[*i] == Some(Look::Failed)).collect();
            assert!((1..=3).contains(&found.len()), "{failing} in {n_lanes} × {n_columns}: {found:?}");
            let (lane, column) = (found[0] / n_columns, found[0] % n_columns);
            assert_eq!(grid.call_at(&stories, lane, column), Some(failing as usize));
        }
    }
}

/// Guards against a click that opens another call than the one that is seen.
#[test]
fn a_cell_leads_to_its_call() {
    let (grid, stories) = (grid(0..4, 0, 100, 2, 10), four());
    for (lane, column, call) in [(0, 0, 1), (0, 3, 1), (0, 9, 0), (1, 0, 2), (1, 9, 2), (9, 99, 2)] {
        assert_eq!(grid.call_at(&stories, lane, column), Some(call), "{lane}, {column}");
    }
}

#[test]
fn who_is_in_flight_is_found() {
    let found = [5, 25, 50, 70, 90].map(|ms| four().in_flight(ms * 1000));
    assert_eq!(found, [Some(0), Some(0), None, Some(1), None]);
}

#[test]
fn rows_give_way_to_lanes_where_they_would_be_too_many() {
    assert!(!is_dense(&Stories::of(&[], 150, 0)));
    assert!(is_dense(&Stories::of(&[], 151, 0)));
    let retries = (0..400).flat_map(|i| {
        let ms = i * 10;
        [at(ms, admitted(0)), at(ms + 1, failed(0, Failure::Refused)), at(ms + 1, backing_off(0, 9))]
    });
    let mut events = vec![at(0, entered(0))];
    events.extend(retries);
    assert!(!is_dense(&Stories::of(&events, 1, 4_000_000)));
    let twice: Vec<Event> = events
        .iter()
        .copied()
        .chain(events.iter().map(|event| {
            let mut what = event.what;
            if let Some(call) = what.call_mut() {
                call.0 = 1;
            }
            Event { what, ..*event }
        }))
        .collect();
    assert!(is_dense(&Stories::of(&twice, 2, 4_000_000)));
}

const PALETTE: Palette = Palette {
    looks: [[1; 3], [2; 3], [3; 3], [4; 3], [5; 3], [6; 3], [7; 3], [8; 3], [9; 3]],
    paper: [0; 3],
};

/// Pixels as digits: which look, `_` for paper, `.` for nothing.
fn drawn(cells: &[Option<Look>], n_columns: usize, height: usize) -> Vec<String> {
    let pixels = pixels(cells, n_columns, height, &PALETTE);
    assert_eq!(pixels.len(), n_columns * height * 4);
    let letter = |pixel: &[u8]| match pixel {
        [.., 0] => '.',
        [0, ..] => '_',
        [look, ..] => char::from(b'0' + look),
        [] => '?',
    };
    pixels.chunks(n_columns * 4).map(|line| line.chunks(4).map(letter).collect()).collect()
}

#[test]
fn low_lanes_are_filled() {
    let cells = [Some(Look::Queued), None, Some(Look::Failed), Some(Look::Generating)];
    assert_eq!(drawn(&cells, 2, 4), ["1.", "1.", "93", "93"]);
    // What does not divide is spread.
    assert_eq!(drawn(&cells, 2, 3), ["1.", "93", "93"]);
}

/// Guards against looks that only their colour tells apart.
#[test]
fn higher_lanes_have_shapes() {
    let row = |look| drawn(&[Some(look); 8], 8, 12);
    assert_eq!(row(Look::Queued).iter().filter(|line| line.contains('1')).count(), 2);
    assert!(row(Look::Generating).iter().filter(|line| **line == "33333333").count() > 8);
    assert!(row(Look::FirstToken).contains(&"2______2".to_string()));
    let looks = [
        Look::Queued,
        Look::FirstToken,
        Look::Generating,
        Look::RateWait,
        Look::Paused,
        Look::BackingOff,
        Look::Cancelled,
        Look::Failed,
    ];
    let mut shapes: Vec<String> =
        looks.map(|look| row(look).join("\n").replace(|c: char| c.is_ascii_digit(), "x")).to_vec();
    shapes.sort();
    shapes.dedup();
    assert_eq!(shapes.len(), looks.len());
}
