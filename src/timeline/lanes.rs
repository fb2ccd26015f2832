//! The waterfall of very many calls: lanes of calls by columns of time. A cell shows the most important
//! of all that happens in it, so that one failure among a hundred thousand bars is seen.

use std::ops::Range;

use super::axis::Axis;
use super::rows::Look;
use super::window::Window;
use crate::analysis::story::{Phase, Span, Stories, Story};

/// Calls beyond which there are no rows any more, and bars beyond which there are none.
const MOST_ROWS: usize = 150;
const MOST_BARS: usize = 1000;

/// Whether rows with an element for each bar would be too many.
pub fn is_dense(stories: &Stories) -> bool {
    let calls = stories.outlines();
    calls.len() > MOST_ROWS || calls.iter().map(|story| story.spans.len()).sum::<usize>() > MOST_BARS
}

/// What is looked at, and in how many lanes and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub calls: Range<usize>,
    pub axis: Axis,
    pub n_lanes: usize,
    pub n_columns: usize,
}

/// A failed or cancelled attempt is not narrower than this.
const LEAST_COLUMNS: usize = 3;

impl Grid {
    /// The cells, lane by lane.
    pub fn cells(&self, stories: &Stories) -> Vec<Option<Look>> {
        let why = self.why(stories);
        let mut cells = vec![None; self.n_lanes * self.n_columns];
        for (lane, cells) in cells.chunks_exact_mut(self.n_columns.max(1)).enumerate() {
            self.fill(cells, told(stories, self.calls_of(lane)), &why);
        }
        cells
    }

    /// The call that a cell shows, or the first one of the lane where it shows none.
    pub fn call_at(&self, stories: &Stories, lane: usize, column: usize) -> Option<usize> {
        let why = self.why(stories);
        let calls = self.calls_of(lane.min(self.n_lanes.checked_sub(1)?));
        let look = |call: usize| {
            let mut cells = vec![None; self.n_columns];
            self.fill(&mut cells, told(stories, call..call + 1), &why);
            cells.get(column).copied().flatten()
        };
        // Of equal ones the first is nearest to the label.
        calls.rev().max_by_key(|call| look(*call))
    }

    fn calls_of(&self, lane: usize) -> Range<usize> {
        let n_calls = self.calls.len();
        let first = |lane: usize| self.calls.start + lane * n_calls / self.n_lanes.max(1);
        first(lane)..first(lane + 1)
    }

    /// Why those wait who wait, column by column.
    fn why(&self, stories: &Stories) -> Vec<Look> {
        let mut why = vec![Look::Queued; self.n_columns];
        let reasons = stories.reasons();
        // Many a time the limiter holds everybody several times within a column.
        let (mut shown, mut shown_until_us) = (Look::Queued, 0);
        for (i, (from_us, reason)) in reasons.iter().enumerate() {
            let to_us = reasons.get(i + 1).map_or(u64::MAX, |(next_us, _)| *next_us);
            let Some(reason) = reason else { continue };
            let look = Look::of(Phase::Waiting(*reason));
            if look <= shown && to_us <= shown_until_us {
                continue;
            }
            let Some(columns) = self.columns(*from_us, to_us) else { continue };
            let Window { from_us, length_us } = self.axis.window;
            (shown, shown_until_us) =
                (look, from_us + columns.end as u64 * length_us / self.n_columns as u64);
            for why in &mut why[columns] {
                *why = look.max(*why);
            }
        }
        why
    }

    /// Fills the empty cells of a lane.
    fn fill(&self, cells: &mut [Option<Look>], calls: &[Story], why: &[Look]) {
        // Waits are long and many: only where they begin and end is noted.
        let mut waiting = vec![0i32; self.n_columns + 1];
        for call in calls {
            for &Span { phase, from_us, to_us } in &call.spans {
                let Some(columns) = self.columns(from_us, to_us) else { continue };
                if matches!(phase, Phase::Waiting(_)) {
                    waiting[columns.start] += 1;
                    waiting[columns.end] -= 1;
                    continue;
                }
                let look = Look::of(phase);
                let end = match look {
                    Look::Failed | Look::Cancelled => columns.end.max(columns.start + LEAST_COLUMNS),
                    _ => columns.end,
                };
                for cell in &mut cells[columns.start..end.min(self.n_columns)] {
                    show(cell, look);
                }
            }
        }
        let mut n_waiting = 0;
        for ((cell, more), why) in cells.iter_mut().zip(waiting).zip(why) {
            n_waiting += more;
            if n_waiting > 0 {
                show(cell, *why);
            }
        }
    }

    /// The columns that a stretch of time touches.
    // Called a hundred thousand times a frame, which the first frames spend in code that is not optimised yet.
    #[inline(always)]
    fn columns(&self, from_us: u64, to_us: u64) -> Option<Range<usize>> {
        let window = self.axis.window;
        if to_us <= window.from_us || from_us >= window.to_us() {
            return None;
        }
        let share = |us: u64| us.saturating_sub(window.from_us).min(window.length_us) * self.n_columns as u64;
        let first = share(from_us) / window.length_us;
        let end = share(to_us).div_ceil(window.length_us);
        Some(first as usize..(end as usize).max(first as usize + 1).min(self.n_columns))
            .filter(|c| !c.is_empty())
    }
}

/// There are hundreds of thousands of cells, so the comparison is written out.
fn show(cell: &mut Option<Look>, look: Look) {
    if cell.is_none_or(|shown| (shown as u8) < look as u8) {
        *cell = Some(look);
    }
}

fn told(stories: &Stories, calls: Range<usize>) -> &[Story] {
    stories.outlines().get(calls).unwrap_or_default()
}
