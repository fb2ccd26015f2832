//! Two lanes above the calls: slots in use, and permits left with the provider.

use super::markup::{Markup, element};
use crate::analysis::fork::Past;
use crate::engine::limiter::bucket::Rate;
use crate::engine::limiter::requests::RequestRate;
use crate::engine::trace::Event;
use crate::scenario::{Limiters, Scenario};
use crate::timeline::axis::{Axis, WHOLE};
use crate::timeline::room::{Step, permits, slots};

/// How high a lane is drawn, in parts of itself.
const HEIGHT: u32 = 100;

/// The lanes of an arm. What a real provider has left nobody knows, and what arms share is no arm's:
/// then there is the first lane only.
pub fn lanes(
    events: &[Event],
    scenario: &Scenario,
    past: &[Past],
    simulated: bool,
    axis: &Axis,
) -> Vec<Markup> {
    let limits = past.iter().map(|past| past.limits).chain([scenario.limits]);
    let most = limits.map(|limits| limits.concurrency.get()).max().unwrap_or(1);
    let mut drawn = vec![lane("slots in use", &slots(events), most, axis)];
    let is_own = simulated && scenario.limiters != Limiters::Shared;
    if let Some(rates) = rates(scenario, past).filter(|_| is_own) {
        let most = rates.iter().map(|(_, rate)| rate.burst.get()).max().unwrap_or(1);
        drawn.push(lane("permits left", &permits(events, &rates, axis.window.to_us()), most, axis));
    }
    drawn
}

/// From when on the provider fills its bucket at which rate; none where it counts otherwise, or tokens too.
fn rates(scenario: &Scenario, past: &[Past]) -> Option<Vec<(u64, Rate)>> {
    let from_us = [0].into_iter().chain(past.iter().map(|past| past.until_us));
    let simulations = past.iter().map(|past| past.simulation).chain([scenario.simulation]);
    from_us
        .zip(simulations)
        .map(|(from_us, simulation)| match simulation.requests {
            Some(RequestRate::Bucket(rate)) if simulation.tokens.is_none() => Some((from_us, rate)),
            _ => None,
        })
        .collect()
}

fn lane(name: &'static str, steps: &[Step], most: u32, axis: &Axis) -> Markup {
    let height = |n: u32| HEIGHT - n.min(most) * HEIGHT / most.max(1);
    let mut line = format!("M0 {HEIGHT}");
    for Step { at_us, n } in steps {
        line.push_str(&format!("H{}V{}", axis.place(*at_us).0, height(*n)));
    }
    line.push_str(&format!("H{WHOLE}V{HEIGHT}Z"));
    let picture = element("svg")
        .with("viewBox", format!("0 0 {WHOLE} {HEIGHT}"))
        .with("preserveAspectRatio", "none")
        .children(vec![element("path").with("d", line)]);
    let track = element("div").class("track").with("style:clip-path", "var(--played)");
    element("div")
        .class("row room")
        .with("aria-hidden", "true")
        .with("title", format!("{name}, of {most}"))
        .children(vec![element("span").class("row-label").text(name), track.children(vec![picture])])
}
