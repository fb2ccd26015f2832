//! Runs beside each other: each arm with itself, never with another one.

use super::hint;
use crate::analysis::measure::{Figures, MEASURES};
use crate::format::axis_us;
use crate::runs::differences::differences;
use crate::runs::history::{History, MOST_PINNED};
use crate::runs::kept::{Kept, Summary};
use crate::scenario::ArmKind;
use crate::timeline::axis::Axis;
use crate::ui::arm::metrics::changed;
use crate::ui::parts::painted::{Markup, element};

/// Letters, not colours: those belong to what calls do.
const MARKERS: [&str; MOST_PINNED] = ["A", "B", "C", "D"];

/// The most differences that are listed.
const MOST_DIFFERENCES: usize = 60;

pub fn compared(history: &History) -> Vec<Markup> {
    let runs = history.compared();
    if runs.len() < 2 {
        return vec![hint(
            "Pin two to four runs to compare them. The first one that is pinned is the measure.",
        )];
    }
    let arms = ArmKind::ALL.into_iter().flat_map(|kind| arm(kind, &runs));
    settings(&runs).into_iter().chain(arms).collect()
}

/// What the runs were set to, where that differs.
fn settings(runs: &[&Kept]) -> Vec<Markup> {
    let head = element("h3").text("What differs");
    let mut found = differences(&runs.iter().map(|run| run.settings()).collect::<Vec<_>>());
    if found.is_empty() {
        return vec![head, names(runs), hint("Nothing was set otherwise.")];
    }
    let more = found.len().saturating_sub(MOST_DIFFERENCES);
    found.truncate(MOST_DIFFERENCES);
    let row = |difference: crate::runs::differences::Difference| {
        let cells = difference.values.into_iter().map(|value| value.unwrap_or_else(|| "—".to_string()));
        (difference.path, cells.map(|text| cell().with("dir", "auto").text(text)).collect())
    };
    let table = table(runs, found.into_iter().map(row).collect());
    let more = (more > 0).then(|| hint(&format!("and {more} more")));
    [head, names(runs), table].into_iter().chain(more).collect()
}

/// Which letter stands for which run.
fn names(runs: &[&Kept]) -> Markup {
    let name = |(run, letter): (&&Kept, &&'static str)| {
        let words = format!("{} · {}", run.name, run.answered.words());
        element("li").children(vec![marker(letter), element("span").with("dir", "auto").text(words)])
    };
    element("ul").class("run-names").children(runs.iter().zip(&MARKERS).map(name).collect())
}

/// One arm over the runs: bars on one axis, numbers, outcomes.
fn arm(kind: ArmKind, runs: &[&Kept]) -> Vec<Markup> {
    let arms: Vec<Option<&Summary>> = runs.iter().map(|run| run.arms[kind.index()].as_ref()).collect();
    let figures: Vec<Option<&Figures>> = arms.iter().map(|arm| arm.map(|arm| &arm.figures)).collect();
    if figures.iter().all(Option::is_none) {
        return Vec::new();
    }
    let outcomes = arms.iter().map(|arm| arm.map_or("not run", |arm| &arm.outcome));
    let outcomes = outcomes.map(|text| cell().with("dir", "auto").text(text)).collect();
    let mut rows = vec![("outcome".to_string(), outcomes)];
    let mut same = Vec::new();
    for (i, measure) in MEASURES.iter().enumerate() {
        let texts: Vec<String> =
            figures.iter().map(|f| f.map_or_else(String::new, |f| measure.text(f[i]))).collect();
        if texts.windows(2).all(|pair| pair[0] == pair[1]) {
            same.extend(texts.first().map(|text| format!("{} {text}", measure.label)));
            continue;
        }
        let first = figures.first().copied().flatten();
        let cells = texts.into_iter().zip(&figures).map(|(text, now)| {
            let change = first.zip(*now).and_then(|(first, now)| measure.change(first[i], now[i]));
            cell().text(text).children(change.iter().map(changed).collect())
        });
        rows.push((measure.label.to_string(), cells.collect()));
    }
    let mut drawn = vec![element("h3").text(kind.title()), bars(kind, &figures), table(runs, rows)];
    if !same.is_empty() {
        drawn.push(hint(&format!("The same in all: {}.", same.join(", "))));
    }
    drawn
}

/// The makespans on one axis, each with its letter and its length.
fn bars(kind: ArmKind, figures: &[Option<&Figures>]) -> Markup {
    let makespans: Vec<Option<u64>> = figures.iter().map(|f| f.and_then(|f| f[0].value)).collect();
    let axis = Axis::new(makespans.iter().flatten().copied().max().unwrap_or(0));
    let ticks = axis
        .ticks_us
        .iter()
        .map(|us| element("span").class("tick").with("style:left", axis.place(*us).css()).text(axis_us(*us)));
    let ticks = element("div").class("run-ticks").with("aria-hidden", "true").children(ticks.collect());
    let bar = |((figures, makespan), letter): ((&Option<&Figures>, &Option<u64>), &&'static str)| {
        let text = figures.map_or("not run".to_string(), |figures| MEASURES[0].text(figures[0]));
        let length = axis.place(makespan.unwrap_or(0)).css();
        let bar = element("span").class("run-bar").with("style:width", length);
        element("li").children(vec![marker(letter), element("div").children(vec![bar, Markup::Text(text)])])
    };
    let bars = figures.iter().zip(&makespans).zip(&MARKERS).map(bar).collect();
    let label = format!("{}: makespans", kind.title());
    let bars = element("ul").with("aria-label", label).children(bars);
    element("div").class("run-bars").children(vec![bars, ticks])
}

/// A table with a column for each run.
fn table(runs: &[&Kept], rows: Vec<(String, Vec<Markup>)>) -> Markup {
    let name = |(run, letter): (&&Kept, &&'static str)| {
        let name = element("span").class("visually-hidden").text(format!(" {}", run.name));
        element("th").with("scope", "col").children(vec![marker(letter), name])
    };
    let head = [cell()].into_iter().chain(runs.iter().zip(&MARKERS).map(name)).collect();
    let row = |(name, cells): (String, Vec<Markup>)| {
        let head = element("th").with("scope", "row").text(name);
        element("tr").children([head].into_iter().chain(cells).collect())
    };
    let head = element("thead").children(vec![element("tr").children(head)]);
    let body = element("tbody").children(rows.into_iter().map(row).collect());
    let table = element("table").class("run-table").children(vec![head, body]);
    element("div").class("run-scroll").children(vec![table])
}

fn marker(letter: &'static str) -> Markup {
    element("b").class("run-marker").text(letter)
}

fn cell() -> Markup {
    element("td")
}
