//! The fan-out as a graph: the input, the workers, the aggregators above each other.

use crate::engine::patterns::{Planned, Role};

/// The picture in its own units: `WIDTH` by `HEIGHT`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fan {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

pub const WIDTH: f64 = 400.0;
pub const HEIGHT: f64 = 112.0;

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub what: What,
    pub x: f64,
    pub y: f64,
    pub width: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Input,
    /// A call of the plan.
    Call(u32),
    /// The count of a vote, which is no call.
    Count,
}

/// A line from the bottom of one node to the top of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    pub from: (f64, f64),
    pub to: (f64, f64),
}

/// Half the height of a node.
pub const HALF: f64 = 7.0;

/// Workers beyond this many are drawn as if they were fewer.
const MOST_DRAWN: usize = 40;

/// Draws a plan. `counts` says that a count follows the workers instead of a call.
pub fn fan(plan: &[Planned], counts: bool) -> Fan {
    let depth = depths(plan);
    let n_levels = depth.iter().copied().max().map_or(1, |deepest| deepest + 1) + 1 + usize::from(counts);
    let y_of = |level: usize| 14.0 + (HEIGHT - 28.0) * level as f64 / (n_levels - 1).max(1) as f64;

    let input = Node { what: What::Input, x: WIDTH / 2.0, y: y_of(0), width: 44.0 };
    let mut places: Vec<Option<(f64, f64)>> = vec![None; plan.len()];
    let mut fan = Fan { nodes: vec![input], edges: Vec::new() };
    for level in 0..n_levels {
        let calls: Vec<usize> = (0..plan.len()).filter(|i| depth.get(*i) == Some(&level)).collect();
        let drawn = calls.len().min(MOST_DRAWN);
        let step = WIDTH / (drawn.max(1)) as f64;
        let width = (step * 0.62).clamp(5.0, 40.0);
        for (position, call) in calls.iter().enumerate() {
            let slot = position * drawn / calls.len().max(1);
            let place = (step * (slot as f64 + 0.5), y_of(level + 1));
            if let Some(known) = places.get_mut(*call) {
                *known = Some(place);
            }
            fan.nodes.push(Node { what: What::Call(*call as u32), x: place.0, y: place.1, width });
        }
    }
    let count = (WIDTH / 2.0, y_of(n_levels - 1));
    if counts {
        fan.nodes.push(Node { what: What::Count, x: count.0, y: count.1, width: 44.0 });
    }
    for (i, planned) in plan.iter().enumerate() {
        let Some(Some(place)) = places.get(i).copied() else { continue };
        if planned.role == Role::Worker {
            fan.edges.push(edge((WIDTH / 2.0, y_of(0)), place));
        }
        let next = planned.feeds.and_then(|next| places.get(next as usize).copied().flatten());
        match next {
            Some(next) => fan.edges.push(edge(place, next)),
            None if counts => fan.edges.push(edge(place, count)),
            None => {}
        }
    }
    fan
}

fn edge(from: (f64, f64), to: (f64, f64)) -> Edge {
    Edge { from: (from.0, from.1 + HALF), to: (to.0, to.1 - HALF) }
}

/// How many calls lie between each call and the input.
fn depths(plan: &[Planned]) -> Vec<usize> {
    let mut depths = vec![0; plan.len()];
    for (i, planned) in plan.iter().enumerate() {
        let below = depths.get(i).copied().unwrap_or(0) + 1;
        if let Some(next) = planned.feeds.and_then(|next| depths.get_mut(next as usize)) {
            *next = below.max(*next);
        }
    }
    depths
}
