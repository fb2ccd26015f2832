//! Very many calls: lanes on a canvas, with a row for a call here and there.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlElement, MouseEvent};

use crate::picture::lanes::{Palette, pixels};
use crate::picture::waterfall::label;
use crate::platform::canvas::{self, Sizes};
use crate::platform::listener::Listener;
use crate::scenario::ArmKind;
use crate::timeline::axis::Axis;
use crate::timeline::lanes::Grid;
use crate::timeline::sight::Sight;
use crate::ui::acts::inspect;
use crate::ui::parts::painted::{Markup, Picture, element, painted};
use crate::ui::workspace::Workspace;
use crate::ui::zoom::{MIDDLE, Near};

#[component]
pub fn Lanes(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    let sight = RwSignal::new(Sight::default());
    let rows = Picture::new(move |()| rows(workspace, kind, sight.get()));
    view! {
        <div class="lanes" use:frame=(workspace, kind, sight)>
            <div class="lanes-field">
                <canvas class="lanes-drawn" use:drawn=(workspace, kind, sight)></canvas>
                <div role="list" aria-label="Calls" use:painted=rows></div>
            </div>
        </div>
    }
    .into_any()
}

type Seen = (Workspace, ArmKind, RwSignal<Sight>);

/// A directive: what is in sight is what the frame is scrolled to.
fn frame(frame: Element, (workspace, kind, sight): Seen) {
    let resized = RwSignal::new(());
    let scrolled = {
        let frame = frame.clone();
        move |_| {
            let top = frame.scroll_top().max(0) as u64;
            if sight.with_untracked(|sight| sight.top != top) {
                sight.update(|sight| sight.top = top);
            }
        }
    };
    StoredValue::new_local((
        Sizes::of(&frame, move || resized.set(())),
        Listener::on(&frame, &["scroll"], scrolled),
    ));
    Effect::new(move |_| {
        resized.track();
        let stories = workspace.stories(kind);
        let n_calls = stories.outlines().len();
        let height = frame.client_height().max(1) as u64;
        let now = Sight::new(n_calls, height, workspace.window(), workspace.whole_axis());
        let now = match workspace.near.get() {
            Some(Near { window, kept: None }) => match stories.in_flight(window.at(MIDDLE)) {
                Some(call) => now.around(call),
                None => now.kept(sight.get_untracked(), MIDDLE),
            },
            near => now.kept(sight.get_untracked(), near.and_then(|near| near.kept).unwrap_or_default()),
        };
        if let Some(field) = frame.first_element_child() {
            style(&field, "height", now.field);
        }
        sight.set(now);
        frame.set_scroll_top(now.top as i32);
    });
}

/// A directive: the canvas shows the calls in sight, and a click on it opens one.
fn drawn(canvas: Element, (workspace, kind, sight): Seen) {
    let canvas: HtmlCanvasElement = canvas.unchecked_into();
    let clicked = {
        let canvas = canvas.clone();
        move |event: web_sys::Event| {
            let event: &MouseEvent = event.unchecked_ref();
            let grid = grid(&canvas, untrack(|| workspace.axis()), sight.get_untracked());
            let scaled = |at: i32, of: i32, n: usize| at.max(0) as usize * n / of.max(1) as usize;
            let lane = scaled(event.offset_y(), canvas.client_height(), grid.n_lanes);
            let column = scaled(event.offset_x(), canvas.client_width(), grid.n_columns);
            if let Some(call) = grid.call_at(&untrack(|| workspace.stories(kind)), lane, column) {
                workspace.inspect(kind, call);
            }
        }
    };
    StoredValue::new_local(Listener::on(&canvas, &["click"], clicked));
    Effect::new(move |_| {
        workspace.colours.get();
        let sight = sight.get();
        let (first, height) = span(sight);
        style(&canvas, "top", first);
        style(&canvas, "height", height);
        let grid = grid(&canvas, workspace.axis(), sight);
        if canvas.client_width() == 0 {
            // It is not shown, and hears of it once it is.
            return;
        }
        let height = (height as f64 * canvas::density()) as usize;
        let cells = grid.cells(&workspace.stories(kind));
        let drawn = pixels(&cells, grid.n_columns, height, &palette(&canvas));
        canvas::put(&canvas, &drawn, grid.n_columns as u32, height as u32);
    });
}

/// Pixels of the screen that a lane is high, at least.
const LEAST_LANE: usize = 2;

fn grid(canvas: &HtmlCanvasElement, axis: Axis, sight: Sight) -> Grid {
    let scaled = |length: f64| (length * canvas::density()) as usize;
    let calls = sight.calls();
    let n_lanes = calls.len().min(scaled(span(sight).1 as f64) / LEAST_LANE);
    Grid { calls, axis, n_lanes, n_columns: scaled(canvas.client_width().into()).max(1) }
}

/// Where on the field the calls in sight begin, and how high they are together.
fn span(sight: Sight) -> (u64, u64) {
    let calls = sight.calls();
    let first = sight.place(calls.start);
    (first, sight.place(calls.end) - first)
}

/// The colours of the looks, in their order, as the style sheets name them.
const COLOURS: [&str; 9] =
    ["queued", "flight", "flight", "wait", "wait", "wait", "backoff", "cancelled", "failed"];

fn palette(canvas: &HtmlCanvasElement) -> Palette {
    let colour = |name: &str| canvas::colour(canvas, &format!("--{name}"));
    Palette { looks: COLOURS.map(colour), paper: colour("bg") }
}

fn style(element: &Element, property: &str, length: u64) {
    let style = element.unchecked_ref::<HtmlElement>().style();
    let _ = style.set_property(property, &format!("{length}px"));
}

/// Rows of the calls that have room for one, and where the call is that is looked at.
fn rows(workspace: Workspace, kind: ArmKind, sight: Sight) -> Vec<Markup> {
    let inspected = workspace.inspected.get().filter(|inspected| inspected.kind == kind);
    let open = inspected.map(|inspected| inspected.call);
    let calls = sight.calls();
    let top = |call: usize| format!("{}px", sight.place(call));
    let row = |(i, call): (usize, usize)| {
        workspace.shown[kind.index()].with(|shown| {
            let planned = shown.as_ref()?.recording.plan.get(call)?;
            Some(
                label(&planned.label, inspect(kind, call), i == 0, open == Some(call))
                    .with("style:top", top(call)),
            )
        })
    };
    let marker = open.filter(|call| calls.contains(call)).map(|call| {
        let height = (sight.place(call + 1) - sight.place(call)).max(LEAST_LANE as u64);
        let marker = element("div").class("lanes-open").with("style:top", top(call));
        marker.with("style:height", format!("{height}px"))
    });
    sight.labelled().enumerate().filter_map(row).chain(marker).collect()
}
