//! The fan-out as a picture: every node looks like what its call does at the playhead.

use leptos::prelude::*;

use crate::analysis::story::Story;
use crate::engine::trace::End;
use crate::scenario::ArmKind;
use crate::timeline::axis::WHOLE;
use crate::timeline::fan::{Edge, HALF, HEIGHT, Node, WIDTH, What, fan};
use crate::timeline::rows::Look;
use crate::ui::workspace::Workspace;

#[component]
pub fn FanPicture(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    let picture = move || {
        workspace.checked.with(|(scenario, _)| {
            let plan = scenario.arm(kind).map(|arm| arm.plan()).unwrap_or_default();
            fan(&plan, kind == ArmKind::Voting && !plan.is_empty())
        })
    };
    let states = move || {
        let axis_us = workspace.axis.with(|axis| axis.length_us);
        let at_us = workspace.playhead.get().map(|place| axis_us * u64::from(place.0) / u64::from(WHOLE));
        workspace.stories(kind).iter().map(|story| state(story, at_us)).collect::<Vec<_>>()
    };
    let node = |node: Node, states: &[&'static str]| {
        let Node { what, x, y, width } = node;
        let class = match what {
            What::Input => "input",
            What::Count => "count",
            What::Call(call) => states.get(call as usize).copied().unwrap_or("idle"),
        };
        let label = match what {
            What::Input => Some("input"),
            What::Count => Some("count"),
            What::Call(_) => None,
        };
        view! {
            <g class="fan-node" data-state=class>
                <rect x=x - width / 2 y=y - HALF width=width height=HALF * 2 rx="30" />
                {label.map(|label| view! { <text x=x y=y + 35>{label}</text> })}
            </g>
        }
    };
    view! {
        <svg class="fan" viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">
            {move || picture().edges.into_iter().map(|edge| view! { <path class="fan-edge" d=curve(edge) /> }).collect_view()}
            {move || {
                let states = states();
                picture().nodes.into_iter().map(|place| node(place, &states)).collect_view()
            }}
        </svg>
    }
}

fn curve(Edge { from, to }: Edge) -> String {
    let middle = (from.1 + to.1) / 2;
    format!("M{} {}C{} {middle} {} {middle} {} {}", from.0, from.1, from.0, to.0, to.0, to.1)
}

/// What a call does at an instant, or how it ended.
fn state(story: &Story, at_us: Option<u64>) -> &'static str {
    let at_us = at_us.unwrap_or(u64::MAX);
    match story.end {
        Some((ended_us, end)) if ended_us <= at_us => match end {
            End::Served => "done",
            End::Failed => "failed",
            End::Cancelled | End::Skipped => "cancelled",
        },
        _ => {
            let latest = story.spans.last().map(|span| span.phase);
            let phase = story.phase_at(at_us).or(latest.filter(|_| at_us == u64::MAX));
            phase.map_or("idle", |phase| Look::of(phase).as_str())
        }
    }
}
