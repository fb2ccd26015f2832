//! The sheet of shortcuts.

use leptos::prelude::*;

use super::keys::{SHORTCUTS, Shortcut};
use super::parts::dialog::DialogFrame;
use super::parts::field::Switch;
use super::parts::painted::{Markup, Picture, element, painted};
use super::workspace::{Dialog, Workspace};

#[component]
pub fn KeySheet() -> impl IntoView {
    let has_shortcuts = Workspace::expect().has_shortcuts;
    view! {
        <DialogFrame title="Keys" is=Dialog::Keys>
            <dl class="keys" use:painted=Picture::new(|()| lines())></dl>
            <Switch
                label="Single keys are shortcuts"
                on=has_shortcuts
                on_change=move |on| has_shortcuts.set(on)
            />
        </DialogFrame>
    }
    .into_any()
}

/// Keys that are no single ones, and stay when those are switched off.
const OTHERS: [(&str, &str); 4] = [
    ("↑ ↓", "In a waterfall: from call to call; Enter inspects"),
    (", .", "In the inspector: call before, call behind"),
    ("← →", "On the replay bar: from event to event"),
    ("Esc", "Close the inspector"),
];

fn lines() -> Vec<Markup> {
    let singles = SHORTCUTS.iter().map(|Shortcut { key, words, .. }| (*key, *words));
    let line = |(key, words): (&'static str, &'static str)| {
        let key = element("dt").children(vec![element("kbd").text(key)]);
        element("div").children(vec![key, element("dd").text(words)])
    };
    singles.chain(OTHERS).map(line).collect()
}
