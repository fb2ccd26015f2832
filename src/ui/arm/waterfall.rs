//! The waterfall: a row for each call on the axis all arms share, and the same calls one by one.

use leptos::prelude::*;

use crate::analysis::rehearsal::takes_long;
use crate::engine::patterns::Role;
use crate::format::{axis_us, duration_us};
use crate::scenario::ArmKind;
use crate::timeline::axis::{Place, WHOLE};
use crate::timeline::rows::{Bar, Mark, Row, rows};
use crate::ui::acts::{ACT, inspect};
use crate::ui::parts::icon::{Sign, drawn};
use crate::ui::parts::painted::{Markup, element, painted};
use crate::ui::workspace::{Mode, Workspace};

#[component]
pub fn Waterfall(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    // What lies behind the playhead is not shown yet. Tracks inherit it, so that a frame of a
    // replay changes one property.
    let played = move || {
        let place = workspace.axis().place(workspace.playhead.get()?);
        Some(format!("inset(0 {} 0 0)", Place(WHOLE - place.0).css()))
    };
    view! {
        <div class="waterfall">
            <div class="axis" aria-hidden="true">
                <div class="axis-track" use:painted=workspace.picture(kind, ticks)></div>
            </div>
            <div
                class="waterfall-rows"
                role="list"
                aria-label="Calls"
                style=("--played", move || played().unwrap_or_else(|| "none".to_string()))
                use:painted=workspace.picture(kind, calls)
            ></div>
            <div use:painted=workspace.picture(kind, ghost)></div>
        </div>
    }
    .into_any()
}

fn ticks(workspace: Workspace, _: ArmKind) -> Vec<Markup> {
    let axis = workspace.axis();
    let tick =
        |us: &u64| element("span").class("tick").with("style:left", axis.place(*us).css()).text(axis_us(*us));
    axis.ticks_us.iter().map(tick).collect()
}

/// The page stays as quick as it is with more calls than anybody looks at.
const MOST_ROWS: usize = 400;

fn calls(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let stories = workspace.stories(kind);
    workspace.shown[kind.index()].with(|shown| match shown {
        Some(shown) => {
            let plan = &shown.recording.plan;
            let drawn = plan.get(..MOST_ROWS).unwrap_or(plan);
            let more = plan.len() - drawn.len();
            let more = (more > 0).then(|| element("p").class("empty").text(format!("and {more} more calls")));
            let inspected = workspace.inspected.get().filter(|inspected| inspected.kind == kind);
            let stop = inspected.map_or(0, |inspected| inspected.call);
            let rows = rows(drawn, &stories, &workspace.axis()).into_iter().enumerate();
            let rows =
                rows.map(|(call, drawn)| row(drawn, inspect(kind, call), call == stop, inspected.is_some()));
            rows.chain(more).collect()
        }
        None => not_there(workspace, kind),
    })
}

/// Why there is no run to show.
pub fn not_there(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let words = if workspace.mode.get() == Mode::Live {
        "Not run yet. “Run” sends real requests to the endpoint in Settings."
    } else if workspace.checked.with(|(scenario, _)| takes_long(scenario, kind)) {
        "Too many calls to follow every change. “Run” simulates them, which takes some seconds."
    } else {
        return Vec::new();
    };
    vec![element("p").class("empty").text(words)]
}

/// A row. `is_stop` says that the Tab key comes to it.
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
            .with("aria-expanded", (is_stop && is_open).to_string())
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

/// The same calls one by one, as an outline.
fn ghost(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let numbers = workspace.numbers(kind);
    let Some(us) = numbers.and_then(|numbers| numbers.sequential_us.value).filter(|us| *us > 0) else {
        return Vec::new();
    };
    let axis = workspace.axis();
    let end = if us > axis.length_us { " →" } else { "" };
    let outline = element("span").class("ghost").with("style:width", axis.place(us).css());
    let outline = outline.text(format!("{}{end}", duration_us(us)));
    let label = element("span").class("row-label").text("one by one");
    let track = element("div").class("track").children(vec![outline]);
    vec![element("div").class("row row-ghost").children(vec![label, track])]
}
