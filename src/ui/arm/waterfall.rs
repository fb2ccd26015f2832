//! The waterfall: a row for each call on the axis all arms share, and the same calls one by one.

use leptos::prelude::*;

use super::lanes::Lanes;
use crate::analysis::rehearsal::takes_long;
use crate::picture::room::lanes;
use crate::picture::waterfall as picture;
use crate::providers::settings::Choice;
use crate::scenario::ArmKind;
use crate::timeline::axis::{Place, WHOLE};
use crate::timeline::lanes::is_dense;
use crate::ui::acts::inspect;
use crate::ui::parts::painted::{Markup, element, painted};
use crate::ui::workspace::{Mode, Workspace};
use crate::ui::zoom::zoomable;

#[component]
pub fn Waterfall(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    // What lies behind the playhead is not shown yet. Tracks inherit it, so that a frame of a
    // replay changes one property.
    let played = move || {
        let place = workspace.playhead.get().map(|at_us| workspace.axis().place(at_us))?;
        Some(format!("inset(0 {} 0 0)", Place(WHOLE - place.0).css()))
    };
    let is_dense = Memo::new(move |_| is_dense(&workspace.stories(kind)));
    view! {
        <div
            class="waterfall"
            data-dense=move || is_dense.get().to_string()
            style=("--played", move || played().unwrap_or_else(|| "none".to_string()))
            use:zoomable=workspace
        >
            <div class="axis" aria-hidden="true">
                <div class="axis-track" use:painted=workspace.picture(kind, ticks)></div>
            </div>
            <div use:painted=workspace.picture(kind, room)></div>
            {move || match is_dense.get() {
                true => view! { <Lanes kind /> }.into_any(),
                false => view! { <div class="waterfall-rows" role="list" aria-label="Calls" use:painted=workspace.picture(kind, calls)></div> }.into_any(),
            }}
            <div use:painted=workspace.picture(kind, ghost)></div>
        </div>
    }
    .into_any()
}

fn ticks(workspace: Workspace, _: ArmKind) -> Vec<Markup> {
    picture::ticks(&workspace.axis())
}

/// What the limits leave, where there are bars to compare it with.
fn room(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    if is_dense(&workspace.stories(kind)) {
        return Vec::new();
    }
    let simulated = workspace.mode.get() == Mode::Simulated;
    let past = if simulated { workspace.past.get() } else { Vec::new() };
    let axis = workspace.axis();
    workspace.checked.with(|(scenario, _)| {
        workspace.shown[kind.index()].with(|shown| match shown {
            Some(shown) => lanes(&shown.recording.events, scenario, &past, simulated, &axis),
            None => Vec::new(),
        })
    })
}

fn calls(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let inspected = workspace.inspected.get().filter(|inspected| inspected.kind == kind);
    let open = inspected.map(|inspected| inspected.call);
    let stories = workspace.stories(kind);
    if is_dense(&stories) {
        // These rows are about to give way to lanes.
        return Vec::new();
    }
    workspace.shown[kind.index()].with(|shown| match shown {
        Some(shown) => {
            let act = |call| inspect(kind, call);
            picture::calls(&shown.recording.plan, &stories, &workspace.axis(), open, act)
        }
        None => not_there(workspace, kind).map(|line| line.with("role", "listitem")).into_iter().collect(),
    })
}

fn ghost(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let sequential = workspace.numbers(kind).and_then(|numbers| numbers.sequential_us.value);
    picture::ghost(sequential.unwrap_or(0), &workspace.axis())
}

/// Why there is no run to show.
pub fn not_there(workspace: Workspace, kind: ArmKind) -> Option<Markup> {
    let words = if workspace.mode.get() == Mode::Live {
        match workspace.settings.with(|settings| settings.provider) {
            Choice::Practice => {
                "Not run yet. “Run” asks the practice server in this page: no key, no cost. Settings has others."
            }
            _ => "Not run yet. “Run” sends real requests to the endpoint in Settings.",
        }
    } else if workspace.checked.with(|(scenario, _)| takes_long(scenario, kind)) {
        "Too many calls to follow every change. “Run” simulates them, which takes some seconds."
    } else {
        return None;
    };
    Some(element("p").class("empty").text(words))
}
