//! The bar at the top: which scenario, who answers, run and stop.

use super::field::{TAKES, file_button};
use super::markup::{Markup, button, element};
use super::sign::{Sign, icon, with_sign};
use crate::scenario::gallery::READY;

/// How the page stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// Whether what is needed less often is unfolded where the bar is too narrow for it.
    pub is_open: bool,
    pub is_live: bool,
    pub is_running: bool,
    /// Whether a gesture can be taken back, and one done again.
    pub reach: [bool; 2],
}

pub fn header(bar: Bar) -> Vec<Markup> {
    let [back, forth] = bar.reach;
    let files = element("div").class("bar-files").children(vec![
        icon("undo", "Undo", Sign::Undo).with("title", "Undo (Ctrl+Z)").with("disabled", (!back).to_string()),
        icon("redo", "Redo", Sign::Redo)
            .with("title", "Redo (Ctrl+Shift+Z)")
            .with("disabled", (!forth).to_string()),
        file_button("Open file", "open", ".json,application/json"),
        button("button", "download-scenario", "Download scenario"),
        button("button", "runs", "Runs"),
        button("button", "share", "Share"),
        button("button", "present", "Present"),
        button("button", "settings", "Settings"),
        button("button button-quiet", "keys", "Keys"),
    ]);
    let mode = element("div").class("segments").with("role", "radiogroup").with("aria-label", "Run");
    let run = vec![
        with_sign(Sign::Stop, button("button", "stop", "Stop"))
            .with("disabled", (!bar.is_running).to_string()),
        with_sign(Sign::Play, button("button button-primary", "run", "Run all"))
            .with("disabled", bar.is_running.to_string()),
    ];
    vec![
        brand(),
        picker(),
        button("button bar-menu", "menu", "Menu").with("aria-expanded", bar.is_open.to_string()),
        files,
        mode.children(vec![radio("Simulated", 0, !bar.is_live), radio("Live", 1, bar.is_live)]),
        element("div").class("bar-run").children(run),
    ]
}

fn brand() -> Markup {
    let lines = "M12 4v3M12 7C5 7 4 9 4 12m8-5v5m0-5c7 0 8 2 8 5M4 12c0 3 1 5 8 5m0-5v8m8-8c0 3-1 5-8 5";
    let dot =
        |(x, y): (&'static str, &'static str)| element("circle").with("cx", x).with("cy", y).with("r", "2");
    let dots = [("12", "3"), ("4", "12"), ("12", "12"), ("20", "12"), ("12", "21")];
    let mark = element("svg")
        .class("brand-mark")
        .with("viewBox", "0 0 24 24")
        .with("aria-hidden", "true")
        .children(vec![element("path").with("d", lines)])
        .children(dots.into_iter().map(dot).collect());
    element("a").class("brand").with("href", "#/").children(vec![mark, Markup::Text("Fanout".to_string())])
}

/// The heading stays chosen, so that the same scenario can be opened again.
fn picker() -> Markup {
    let heading = element("option").with("value", "").text("Scenarios…");
    let options = READY
        .into_iter()
        .map(|ready| element("option").with("value", ready.name).text(ready.title))
        .collect();
    element("select")
        .class("picker")
        .with("aria-label", "Ready scenarios")
        .with(TAKES, "ready")
        .children(vec![heading])
        .children(options)
}

fn radio(name: &'static str, number: u32, is_chosen: bool) -> Markup {
    let input = element("input")
        .with("type", "radio")
        .with("name", "run-mode")
        .with("checked", is_chosen.to_string())
        .with(TAKES, format!("mode {number}"));
    element("label").children(vec![input, element("span").text(name)])
}
