//! The fan-out as a picture: every node looks like what its call does at an instant.

use super::markup::{Markup, element};
use crate::analysis::story::Stories;
use crate::engine::trace::End;
use crate::timeline::fan::{Edge, Fan, Node, What};
use crate::timeline::rows::Look;

/// Edges and nodes. Without an instant the calls look as they ended.
pub fn picture(fan: Fan, stories: &Stories, at_us: Option<u64>) -> Vec<Markup> {
    let state = |call: u32| state(stories, call as usize, at_us);
    let edges = fan.edges.into_iter().map(|edge| element("path").class("fan-edge").with("d", curve(edge)));
    edges.chain(fan.nodes.into_iter().map(|place| node(place, fan.half, &state))).collect()
}

fn node(Node { what, x, y, width }: Node, half: i32, state: &impl Fn(u32) -> &'static str) -> Markup {
    let (state, label) = match what {
        What::Input => ("input", Some("input")),
        What::Count => ("count", Some("count")),
        What::Call(call) => (state(call), None),
    };
    let rect = element("rect")
        .with("x", (x - width / 2).to_string())
        .with("y", (y - half).to_string())
        .with("width", width.to_string())
        .with("height", (half * 2).to_string())
        .with("rx", "30");
    let label = label
        .map(|label| element("text").with("x", x.to_string()).with("y", (y + 35).to_string()).text(label));
    element("g")
        .class("fan-node")
        .with("data-state", state)
        .children([rect].into_iter().chain(label).collect())
}

fn curve(Edge { from, to }: Edge) -> String {
    let middle = (from.1 + to.1) / 2;
    format!("M{} {}C{} {middle} {} {middle} {} {}", from.0, from.1, from.0, to.0, to.0, to.1)
}

/// What a call does at an instant, or how it ended.
fn state(stories: &Stories, call: usize, at_us: Option<u64>) -> &'static str {
    let Some(story) = stories.outlines().get(call) else { return "idle" };
    match story.end {
        Some((ended_us, end)) if at_us.is_none_or(|at_us| ended_us <= at_us) => match end {
            End::Served => "done",
            End::Failed => "failed",
            End::Cancelled | End::Skipped => "cancelled",
        },
        _ => {
            // Bars end behind the last instant they cover.
            let latest_us = || Some(story.spans.last()?.to_us.saturating_sub(1));
            let phase = at_us.or_else(latest_us).and_then(|at_us| stories.phase_at(call, at_us));
            phase.map_or("idle", |phase| Look::of(phase).as_str())
        }
    }
}
