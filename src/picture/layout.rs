//! The bar that says how the arms stand and as what their calls are shown.

use super::markup::{ACT, Markup, element, segments};

pub const LAYOUTS: [&str; 5] = ["Columns", "Rows", "Sectioning", "Voting", "Map-reduce"];
pub const CALLS: [&str; 2] = ["Waterfall", "List"];

/// The numbers are those of what is chosen; `is_dense` says that there is much to come nearer to.
pub fn bar(layout: usize, calls: usize, is_dense: bool) -> Vec<Markup> {
    vec![
        segments("Arms", "layout", &LAYOUTS, layout),
        segments("Calls as", "calls", &CALLS, calls),
        zoom(is_dense),
    ]
}

fn zoom(is_dense: bool) -> Markup {
    let buttons =
        [("zoom-out", "Zoom out", "−"), ("zoom-in", "Zoom in", "+"), ("zoom-whole", "Whole time", "Whole")];
    let button = |(act, name, text)| element("button").with(ACT, act).with("aria-label", name).text(text);
    let buttons = buttons.into_iter().map(button).collect();
    let group = element("div").class("segments").with("role", "group").with("aria-label", "Time");
    group.with("data-dense", is_dense.to_string()).children(buttons)
}
