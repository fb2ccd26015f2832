//! The bar at the bottom: play, step, scrub, and what happens at the instant that is shown.

use super::field::{TAKES, select};
use super::markup::{Markup, button, element};
use super::sign::{Sign, icon};
use crate::format::duration_us;

/// Where the replay stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Place<'a> {
    pub is_playing: bool,
    pub at_us: u64,
    pub length_us: u64,
    /// What happens then.
    pub words: String,
    /// Values and the words for them.
    pub paces: &'a [(&'a str, &'a str)],
    pub pace: &'a str,
    /// The instants at which the run was changed.
    pub changed_us: Vec<u64>,
}

pub fn bar(place: &Place) -> Vec<Markup> {
    let (sign, name) = if place.is_playing { (Sign::Pause, "Pause") } else { (Sign::Play, "Play") };
    let range = element("input")
        .with("type", "range")
        .with("min", "0")
        .with("max", place.length_us.div_ceil(1000).to_string())
        .with("aria-valuetext", place.words.clone())
        .with("value", (place.at_us / 1000).to_string())
        .with(TAKES, "scrub");
    let name_of_range = element("span").class("visually-hidden").text("Instant");
    let buttons = vec![
        icon("start", "To the beginning", Sign::ToStart),
        icon("step-back", "One event back", Sign::StepBack),
        icon("play", name, sign),
        icon("step", "One event on", Sign::Step),
        icon("end", "To the end", Sign::ToEnd),
        element("label").class("scrubber").children(vec![name_of_range, range]),
        element("p").class("moment").with("aria-live", "polite").text(place.words.clone()),
    ];
    let pace = select("pace", place.paces, place.pace).class("pace");
    let mut drawn =
        vec![element("div").class("transport-run").children(buttons), pace.with("aria-label", "Pace")];
    if !place.changed_us.is_empty() {
        let instants: Vec<String> = place.changed_us.iter().map(|us| duration_us(*us)).collect();
        let words = format!("Changed at {}; what was before stays.", instants.join(", "));
        let undo = button("button button-quiet", "from-beginning", "From the beginning");
        drawn.push(
            element("p").class("fork").with("role", "status").children(vec![Markup::Text(words), undo]),
        );
    }
    drawn
}
