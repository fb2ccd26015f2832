//! The sheet of shortcuts.

use super::keys::{SHORTCUTS, Shortcut};
use super::parts::painted::{Markup, element};
use super::workspace::Workspace;
use crate::picture::field::switch;

pub fn contents(workspace: Workspace) -> Vec<Markup> {
    let keys = element("dl").class("keys").children(lines());
    vec![keys, switch("Single keys are shortcuts", "shortcuts", workspace.has_shortcuts.get())]
}

/// Keys that are no single ones, and stay when those are switched off.
const OTHERS: [(&str, &str); 8] = [
    ("Ctrl Z", "Undo; with Shift, redo"),
    ("↑ ↓", "In a waterfall: from call to call; Enter inspects"),
    (", .", "In the inspector: the call before, the next call"),
    ("← →", "On the replay bar: from event to event"),
    ("Esc", "Close the inspector, leave a presentation"),
    ("Space", "Presenting: play or pause"),
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
