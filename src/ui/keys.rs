//! Shortcuts: single keys that work outside of fields, and can be switched off.

use web_sys::{Element, EventTarget, KeyboardEvent};

use super::layout::Layout;
use super::workspace::{Dialog, Workspace};
use crate::platform::document::{self, closest};
use crate::scenario::ArmKind;

/// A key, what it does, and how.
pub struct Shortcut {
    pub key: &'static str,
    pub words: &'static str,
    carry_out: fn(Workspace),
}

pub const SHORTCUTS: [Shortcut; 14] = [
    shortcut("r", "Run all", |workspace| workspace.run(&ArmKind::ALL)),
    shortcut("p", "Play or pause the replay", Workspace::play_or_pause),
    shortcut("n", "One event on", Workspace::step),
    shortcut("b", "One event back", Workspace::step_back),
    shortcut("t", "Calls as waterfall or as list", Workspace::waterfall_or_list),
    shortcut("+", "Nearer to a part of the time axis; arrows go along it", Workspace::zoom_in),
    shortcut("-", "Farther from it", Workspace::zoom_out),
    shortcut("w", "All of it", Workspace::zoom_to_whole),
    shortcut("h", "Runs: history and comparison", Workspace::open_runs),
    shortcut("0", "All three arms", |workspace| workspace.layout.set(Layout::Columns)),
    shortcut("1", "Sectioning alone", |workspace| workspace.layout.set(Layout::Only(ArmKind::Sectioning))),
    shortcut("2", "Voting alone", |workspace| workspace.layout.set(Layout::Only(ArmKind::Voting))),
    shortcut("3", "Map-reduce alone", |workspace| workspace.layout.set(Layout::Only(ArmKind::MapReduce))),
    shortcut("?", "This list", |workspace| workspace.dialog.set(Some(Dialog::Keys))),
];

const fn shortcut(key: &'static str, words: &'static str, carry_out: fn(Workspace)) -> Shortcut {
    Shortcut { key, words, carry_out }
}

/// Carries out what a key means where it was pressed.
pub fn on_key(workspace: Workspace, event: &KeyboardEvent) {
    let key = event.key();
    let target = event.target();
    let target = target.as_ref();
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
        // In a text the browser's own steps back are finer.
        if let Some(forth) = steps(&key, event).filter(|_| !takes_keys(target)) {
            workspace.undo(forth);
            event.prevent_default();
        }
        return;
    }
    let row = closest(target, ".row");
    let inspects = closest(target, ".inspector").is_some();
    let replays = closest(target, ".transport-run").is_some();
    match (key.as_str(), row) {
        // Rows are one stop of the Tab key; the arrows go on within them.
        ("ArrowDown", Some(row)) => go_to(row.next_element_sibling()),
        ("ArrowUp", Some(row)) => go_to(row.previous_element_sibling()),
        ("Home", Some(row)) => go_to(row.parent_element().and_then(|rows| rows.first_element_child())),
        ("End", Some(row)) => go_to(row.parent_element().and_then(|rows| rows.last_element_child())),
        (key @ ("ArrowLeft" | "ArrowRight" | "Home" | "End" | "."), _) if replays => {
            on_replay(workspace, key)
        }
        ("ArrowLeft" | "ArrowRight", _) if workspace.is_near() && closest(target, ".waterfall").is_some() => {
            workspace.go_along(key == "ArrowLeft");
        }
        (",", _) if inspects => workspace.inspect_previous(),
        (".", _) if inspects => workspace.inspect_next(),
        ("Escape", _) if workspace.dialog.get_untracked().is_none() => {
            match workspace.inspected.with_untracked(Option::is_some) {
                true => workspace.close_inspector(),
                false => workspace.leave_presentation(),
            }
        }
        (key, _) if !takes_keys(target) => {
            let presented = presented(key).filter(|_| workspace.is_presented() && !is_own_key(target, key));
            let Some(carry_out) = presented.or_else(|| single(workspace, key)) else { return };
            carry_out(workspace);
        }
        _ => return,
    }
    event.prevent_default();
}

/// What a key does as a shortcut, where nobody switched them off.
fn single(workspace: Workspace, key: &str) -> Option<fn(Workspace)> {
    let shortcut = SHORTCUTS.iter().find(|shortcut| shortcut.key == key)?;
    workspace.has_shortcuts.get_untracked().then_some(shortcut.carry_out)
}

/// What a key does before an audience: remote controls send some of them.
fn presented(key: &str) -> Option<fn(Workspace)> {
    match key.to_ascii_lowercase().as_str() {
        " " | "." => Some(Workspace::play_or_pause),
        "arrowright" | "pagedown" => Some(Workspace::step),
        "arrowleft" | "pageup" => Some(Workspace::step_back),
        "v" => Some(Workspace::reveal_or_hide_verdict),
        "b" => Some(Workspace::blacken_or_light),
        _ => None,
    }
}

/// Whether keys pressed together mean a step back or, with true, forth.
fn steps(key: &str, event: &KeyboardEvent) -> Option<bool> {
    let is_command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    match key.to_ascii_lowercase().as_str() {
        "z" if is_command => Some(event.shift_key()),
        "y" if is_command => Some(true),
        _ => None,
    }
}

fn on_replay(workspace: Workspace, key: &str) {
    match key {
        "ArrowRight" => workspace.step(),
        "ArrowLeft" => workspace.step_back(),
        "Home" => workspace.go_to(0),
        "End" => workspace.go_to(u64::MAX),
        _ => workspace.play_or_pause(),
    }
}

/// Whether what has the focus does something with a key itself.
fn is_own_key(target: Option<&EventTarget>, key: &str) -> bool {
    match key {
        " " => closest(target, "button, summary, a").is_some(),
        "ArrowLeft" | "ArrowRight" => closest(target, "input").is_some(),
        _ => false,
    }
}

fn go_to(row: Option<Element>) {
    if let Some(button) = row.and_then(|row| row.query_selector("button").ok().flatten()) {
        document::focus_on(&button);
    }
}

/// Where letters are typed or chosen by, and in dialogs, no key is a shortcut.
fn takes_keys(target: Option<&EventTarget>) -> bool {
    closest(target, "input:not([type=range]), select, textarea, dialog").is_some()
}
