//! The fan-out as a graph: the input, the workers, the aggregators above each other.

use crate::engine::patterns::{Planned, Role};

/// The picture in its own units, `WIDTH` by `HEIGHT`, which are whole numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fan {
    /// Half the height of a node.
    pub half: i32,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

pub const WIDTH: i32 = 4000;
pub const HEIGHT: i32 = 1120;

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub what: What,
    pub x: i32,
    pub y: i32,
    pub width: i32,
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
    pub from: (i32, i32),
    pub to: (i32, i32),
}

/// Half the height of a node where there is room for it.
const HALF: i32 = 70;

/// Workers beyond this many are drawn as if they were fewer.
const MOST_DRAWN: usize = 40;

/// Draws a plan. `counts` says that a count follows the workers instead of a call.
pub fn fan(plan: &[Planned], counts: bool) -> Fan {
    let depth = depths(plan);
    let n_levels = depth.iter().copied().max().map_or(1, |deepest| deepest + 1) + 1 + usize::from(counts);
    let n_steps = (n_levels - 1).max(1) as i32;
    let y_of = |level: usize| 140 + (HEIGHT - 280) * level as i32 / n_steps;
    // In a long chain nodes are lower, so that one is told from the next.
    let half = HALF.min((HEIGHT - 280) / n_steps * 7 / 20);
    let edge =
        |from: (i32, i32), to: (i32, i32)| Edge { from: (from.0, from.1 + half), to: (to.0, to.1 - half) };

    let input = Node { what: What::Input, x: WIDTH / 2, y: y_of(0), width: 440 };
    let mut places: Vec<Option<(i32, i32)>> = vec![None; plan.len()];
    let mut fan = Fan { half, nodes: vec![input], edges: Vec::new() };
    for level in 0..n_levels {
        let calls: Vec<usize> = (0..plan.len()).filter(|i| depth.get(*i) == Some(&level)).collect();
        let drawn = calls.len().min(MOST_DRAWN);
        let step = WIDTH / drawn.max(1) as i32;
        let width = (step * 5 / 8).clamp(50, 400);
        let mut last_slot = None;
        for (position, call) in calls.iter().enumerate() {
            let slot = position * drawn / calls.len().max(1);
            let place = (step * slot as i32 + step / 2, y_of(level + 1));
            if let Some(known) = places.get_mut(*call) {
                *known = Some(place);
            }
            // Of those that share a place the first is drawn.
            if last_slot.replace(slot) == Some(slot) {
                continue;
            }
            fan.nodes.push(Node { what: What::Call(*call as u32), x: place.0, y: place.1, width });
        }
    }
    let count = (WIDTH / 2, y_of(n_levels - 1));
    if counts {
        fan.nodes.push(Node { what: What::Count, x: count.0, y: count.1, width: 440 });
    }
    for (i, planned) in plan.iter().enumerate() {
        let Some(Some(place)) = places.get(i).copied() else { continue };
        let mut draw = |line: Edge| {
            // One of the same is most likely among the last.
            if !fan.edges.iter().rev().any(|known| *known == line) {
                fan.edges.push(line);
            }
        };
        if planned.role == Role::Worker {
            draw(edge((WIDTH / 2, y_of(0)), place));
        }
        let next = planned.feeds.and_then(|next| places.get(next as usize).copied().flatten());
        match next {
            Some(next) => draw(edge(place, next)),
            None if counts => draw(edge(place, count)),
            None => {}
        }
    }
    fan
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
