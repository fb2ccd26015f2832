//! The sheet of shortcuts.

use super::keys::{SHORTCUTS, Shortcut};
use super::parts::painted::{Markup, element};
use super::workspace::Workspace;
use crate::picture::field::switch;

pub fn contents(workspace: Workspace) -> Vec<Markup> {
    // First, so that the sheet is seen from its beginning where it is longer than the screen.
    let single = switch("Single keys are shortcuts", "shortcuts", workspace.has_shortcuts.get());
    vec![single, element("dl").class("keys").children(lines())]
}

/// Keys that mean something in one place only, and stay when shortcuts are switched off.
const OTHERS: [(&str, &str); 10] = [
    ("Ctrl Z", "Undo; with Shift, redo"),
    ("Ctrl wheel", "Over a waterfall: nearer to the time axis, and back"),
    ("↑ ↓", "In a waterfall: from call to call, Home and End to the ends; Enter inspects"),
    (", .", "In the inspector: the call before, the next call"),
    ("← →", "On the replay bar: from event to event, Home and End to the ends"),
    ("Esc", "Close the inspector, leave a presentation"),
    ("Space", "Presenting: play or pause"),
    ("← →", "Presenting: from event to event, as Page Up and Page Down do"),
    ("V", "Presenting: show the verdict, or hide it"),
    ("B", "Presenting: a black screen, and light again"),
];

fn lines() -> Vec<Markup> {
    let singles = SHORTCUTS.iter().map(|Shortcut { key, words, .. }| (*key, *words));
    let line = |(key, words): (&'static str, &'static str)| {
        let key = element("dt").children(vec![element("kbd").text(key)]);
        element("div").children(vec![key, element("dd").text(words)])
    };
    singles.chain(OTHERS).map(line).collect()
}
