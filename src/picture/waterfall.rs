//! The waterfall: a row for each call on the axis all arms share, and the same calls one by one.

use super::markup::{ACT, Markup, element};
use super::sign::{Sign, drawn};
use crate::analysis::story::Stories;
use crate::engine::patterns::{Planned, Role};
use crate::format::{axis_us, duration_us};
use crate::timeline::axis::Axis;
use crate::timeline::rows::{Bar, Mark, Row, rows};

pub fn ticks(axis: &Axis) -> Vec<Markup> {
    let tick =
        |us: &u64| element("span").class("tick").with("style:left", axis.place(*us).css()).text(axis_us(*us));
    axis.ticks_us.iter().map(tick).collect()
}

/// A row for each call. `open` is the call that is looked at; `act` says what a click on a row does.
pub fn calls(
    plan: &[Planned],
    stories: &Stories,
    axis: &Axis,
    open: Option<usize>,
    act: impl Fn(usize) -> String,
) -> Vec<Markup> {
    let drawn = rows(plan, stories, axis).into_iter().enumerate();
    let drawn = drawn.map(|(call, drawn)| {
        // The Tab key comes to one row; arrows go on from there.
        row(drawn, act(call), call == open.unwrap_or(0), open == Some(call))
    });
    drawn.collect()
}

fn row(row: Row, act: String, is_stop: bool, is_open: bool) -> Markup {
    let class = match row.role {
        Role::Aggregator => "row row-aggregator",
        Role::Worker => "row",
    };
    let mut bars: Vec<Markup> = row.bars.into_iter().map(bar).collect();
    bars.extend(row.mark.map(|(left, mark)| {
        let sign = match mark {
            Mark::Done => Sign::Check,
            Mark::Failed => Sign::Cross,
            Mark::Cancelled => Sign::Barred,
        };
        let span = element("span").class("mark").with("data-mark", mark.as_str());
        span.with("style:left", left.css()).children(vec![drawn(sign)])
    }));
    let track = element("div").class("track").with("aria-hidden", "true");
    let item = element("div").class(class).with("role", "listitem").with(ACT, act);
    item.with("title", row.summary.clone()).children(vec![
        element("button")
            .class("row-label")
            .with("tabindex", if is_stop { "0" } else { "-1" })
            .with("aria-label", row.summary)
            .with("aria-expanded", is_open.to_string())
            .text(row.label),
        track.with("style:clip-path", "var(--played)").children(bars),
    ])
}

fn bar(bar: Bar) -> Markup {
    element("span")
        .class("phase")
        .with("data-phase", bar.look.as_str())
        .with("title", bar.title)
        // One property instead of two: each takes a call into the browser.
        .with("style:inset-inline", format!("{} {}", bar.left.css(), bar.left.behind(bar.width).css()))
}

/// The row of a call that is drawn elsewhere.
pub fn label(name: &str, act: String, is_stop: bool, is_open: bool) -> Markup {
    let button = element("button").class("row-label").with("tabindex", if is_stop { "0" } else { "-1" });
    let button = button.with("aria-expanded", is_open.to_string()).text(name);
    element("div").class("row").with("role", "listitem").with(ACT, act).children(vec![button])
}

/// The same calls one by one, as an outline.
pub fn ghost(sequential_us: u64, axis: &Axis) -> Vec<Markup> {
    if sequential_us == 0 {
        return Vec::new();
    }
    let end = if sequential_us > axis.window.to_us() { " →" } else { "" };
    let outline = element("span").class("ghost").with("style:width", axis.place(sequential_us).css());
    let outline = outline.text(format!("{}{end}", duration_us(sequential_us)));
    let label = element("span").class("row-label").text("one by one");
    let track = element("div").class("track").children(vec![outline]);
    vec![element("div").class("row row-ghost").children(vec![label, track])]
}
