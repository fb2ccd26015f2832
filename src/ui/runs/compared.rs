//! Runs beside each other: each arm with itself, never with another one.

use super::hint;
use crate::analysis::measure::MEASURES;
use crate::analysis::metrics::Figure;
use crate::format::axis_us;
use crate::picture::metrics::changed;
use crate::runs::differences::differences;
use crate::runs::history::{History, MOST_PINNED};
use crate::runs::kept::{Kept, Summary};
use crate::scenario::ArmKind;
use crate::scenario::setting::called;
use crate::timeline::axis::Axis;
use crate::ui::parts::painted::{Markup, element};

/// Letters, not colours: those belong to what calls do.
const MARKERS: [&str; MOST_PINNED] = ["A", "B", "C", "D"];

/// The most differences that are listed.
const MOST_DIFFERENCES: usize = 60;

// Loops that push, not chains of iterators: each of those would bring its own copy of how markup is
// collected, and this page is weighed.
pub fn compared(history: &History) -> Vec<Markup> {
    let runs = history.compared();
    if runs.len() < 2 {
        return vec![hint(
            "Pin two to four runs to compare them. The first one that is pinned is the measure.",
        )];
    }
    let mut drawn = Vec::new();
    settings(&runs, &mut drawn);
    for kind in ArmKind::ALL {
        arm(kind, &runs, &mut drawn);
    }
    drawn
}

/// What the runs were set to, where that differs.
fn settings(runs: &[&Kept], drawn: &mut Vec<Markup>) {
    let (mut names, mut files) = (Vec::new(), Vec::new());
    for (run, letter) in runs.iter().zip(MARKERS) {
        let words = format!("{} · {}", run.name, run.answered.words());
        let name = element("span").with("dir", "auto").text(words);
        names.push(element("li").children(vec![marker(letter), name]));
        files.push(run.settings());
    }
    drawn.push(element("h3").text("What differs"));
    drawn.push(element("ul").class("run-names").children(names));
    let found = differences(&files);
    if found.is_empty() {
        drawn.push(hint("Nothing was set otherwise."));
        return;
    }
    let more = found.len().saturating_sub(MOST_DIFFERENCES);
    let mut rows = vec![head(runs)];
    for difference in found.into_iter().take(MOST_DIFFERENCES) {
        let mut cells = vec![heading(called(&difference.path).unwrap_or(&difference.path))];
        for value in difference.values {
            cells.push(cell(value.as_deref().unwrap_or("—")).with("dir", "auto"));
        }
        rows.push(element("tr").children(cells));
    }
    drawn.push(table(rows));
    if more > 0 {
        drawn.push(hint(format!("and {more} more")));
    }
}

/// One arm over the runs: bars on one axis, numbers, outcomes.
fn arm(kind: ArmKind, runs: &[&Kept], drawn: &mut Vec<Markup>) {
    let mut arms: Vec<Option<&Summary>> = Vec::new();
    let mut outcomes = vec![heading("outcome")];
    for run in runs {
        let arm = run.arms[kind.index()].as_ref();
        outcomes.push(cell(arm.map_or("not run", |arm| &arm.outcome)).with("dir", "auto"));
        arms.push(arm);
    }
    if arms.iter().all(Option::is_none) {
        return;
    }
    let mut rows = vec![head(runs), element("tr").children(outcomes)];
    let mut same = String::new();
    for (i, measure) in MEASURES.iter().enumerate() {
        let figure = |arm: Option<&Summary>| arm.map_or(Figure::UNKNOWN, |arm| arm.figures[i]);
        let first = figure(arms[0]);
        let mut cells = vec![heading(measure.label)];
        let mut differs = false;
        for arm in &arms {
            let text = arm.map_or_else(String::new, |_| measure.text(figure(*arm)));
            differs |= text != measure.text(first);
            let change = measure.change(first, figure(*arm));
            cells.push(cell(&text).children(change.iter().map(changed).collect()));
        }
        if differs {
            rows.push(element("tr").children(cells));
        } else {
            let comma = if same.is_empty() { "The same in all:" } else { "," };
            same.push_str(&format!("{comma} {} {}", measure.label, measure.text(first)));
        }
    }
    drawn.push(element("h3").text(kind.title()));
    drawn.push(bars(kind, &arms));
    drawn.push(table(rows));
    if !same.is_empty() {
        drawn.push(hint(&same));
    }
}

/// The makespans on one axis, each with its letter and its length.
fn bars(kind: ArmKind, arms: &[Option<&Summary>]) -> Markup {
    let makespan = |arm: Option<&Summary>| arm.map_or(Figure::UNKNOWN, |arm| arm.figures[0]);
    let longest_us = arms.iter().filter_map(|arm| makespan(*arm).value).max().unwrap_or(0);
    let axis = Axis::new(longest_us);
    let (mut ticks, mut bars) = (Vec::new(), Vec::new());
    for us in &axis.ticks_us {
        let tick = element("span").class("tick").with("style:left", axis.place(*us).css());
        ticks.push(tick.text(axis_us(*us)));
    }
    for (arm, letter) in arms.iter().zip(MARKERS) {
        let text = arm.map_or("not run".to_string(), |_| MEASURES[0].text(makespan(*arm)));
        let length = axis.place(makespan(*arm).value.unwrap_or(0)).css();
        let bar = element("span").class("run-bar").with("style:width", length);
        let track = element("div").children(vec![bar, Markup::Text(text)]);
        bars.push(element("li").children(vec![marker(letter), track]));
    }
    let label = format!("{}: makespans", kind.title());
    element("div").class("run-bars").children(vec![
        element("ul").with("aria-label", label).children(bars),
        element("div").class("run-ticks").with("aria-hidden", "true").children(ticks),
    ])
}

/// The first row of a table with a column for each run.
fn head(runs: &[&Kept]) -> Markup {
    let mut cells = vec![cell("")];
    for (run, letter) in runs.iter().zip(MARKERS) {
        let name = element("span").class("visually-hidden").text(format!(" {}", run.name));
        cells.push(element("th").with("scope", "col").children(vec![marker(letter), name]));
    }
    element("tr").children(cells)
}

fn table(rows: Vec<Markup>) -> Markup {
    let body = element("tbody").children(rows);
    let table = element("table").class("run-table").children(vec![body]);
    element("div").class("run-scroll").children(vec![table])
}

fn marker(letter: &'static str) -> Markup {
    element("b").class("run-marker").text(letter)
}

fn heading(text: &str) -> Markup {
    element("th").with("scope", "row").text(text)
}

fn cell(text: &str) -> Markup {
    element("td").text(text)
}
