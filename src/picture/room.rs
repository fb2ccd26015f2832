//! Two lanes above the calls: slots in use, and permits left with the provider.

use super::markup::{Markup, element};
use crate::engine::limiter::requests::RequestRate;
use crate::engine::trace::Event;
use crate::scenario::{Limiters, Scenario};
use crate::timeline::axis::{Axis, WHOLE};
use crate::timeline::room::{Step, permits, slots};

/// How high a lane is drawn, in parts of itself.
const HEIGHT: u32 = 100;

/// The lanes of an arm. What a real provider has left nobody knows, and what arms share is no arm's:
/// then there is the first lane only.
pub fn lanes(events: &[Event], scenario: &Scenario, simulated: bool, axis: &Axis) -> Vec<Markup> {
    let mut drawn = vec![lane("slots in use", &slots(events), scenario.limits.concurrency.get(), axis)];
    let simulation = &scenario.simulation;
    let is_own = scenario.limiters != Limiters::Shared && simulation.tokens.is_none();
    if let (Some(RequestRate::Bucket(rate)), true) = (simulation.requests, simulated && is_own) {
        let steps = permits(events, rate, axis.window.to_us());
        drawn.push(lane("permits left", &steps, rate.burst.get(), axis));
    }
    drawn
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
