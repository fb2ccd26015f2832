//! What painted elements do. Pictures are data and have no listeners of their own: an attribute says
//! in a few words what a click means, and one listener for the page carries it out.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, KeyboardEvent};

use super::workspace::Workspace;
use crate::platform::focus;
use crate::scenario::ArmKind;

/// The attribute that says what a click on an element does.
pub const ACT: &str = "data-act";

/// What opens the inspector on a call.
pub fn inspect(kind: ArmKind, call: usize) -> String {
    format!("inspect {} {call}", kind.index())
}

/// Listens as long as the page is there.
pub fn listen(workspace: Workspace) {
    let clicks = window_event_listener(ev::click, move |event| {
        if let Some(act) = closest(event.target(), &format!("[{ACT}]"))
            && let Some(words) = act.get_attribute(ACT)
        {
            carry_out(workspace, &words);
        }
    });
    let keys = window_event_listener(ev::keydown, move |event| on_key(workspace, &event));
    on_cleanup(move || {
        clicks.remove();
        keys.remove();
    });
}

fn carry_out(workspace: Workspace, words: &str) {
    let mut words = words.split(' ');
    let name = words.next().unwrap_or_default();
    let mut number = || words.next().and_then(|word| word.parse::<usize>().ok()).unwrap_or(0);
    match name {
        "inspect" => {
            let kind = ArmKind::ALL.get(number()).copied();
            let call = number();
            kind.into_iter().for_each(|kind| workspace.inspect(kind, call));
        }
        "previous" => workspace.inspect_previous(),
        "next" => workspace.inspect_next(),
        "curl" => workspace.copy_call_as_curl(),
        "close" => workspace.close_inspector(),
        _ => {}
    }
}

/// Rows are one stop of the Tab key; the arrows go on within them.
fn on_key(workspace: Workspace, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let key = event.key();
    let row = closest(event.target(), ".row");
    match (key.as_str(), row) {
        ("ArrowDown", Some(row)) => go_to(row.next_element_sibling()),
        ("ArrowUp", Some(row)) => go_to(row.previous_element_sibling()),
        ("Home", Some(row)) => go_to(row.parent_element().and_then(|rows| rows.first_element_child())),
        ("End", Some(row)) => go_to(row.parent_element().and_then(|rows| rows.last_element_child())),
        ("Escape" | "," | ".", _) if closest(event.target(), ".inspector").is_some() => match key.as_str() {
            "," => workspace.inspect_previous(),
            "." => workspace.inspect_next(),
            _ => workspace.close_inspector(),
        },
        _ => return,
    }
    event.prevent_default();
}

fn go_to(row: Option<Element>) {
    if let Some(button) = row.and_then(|row| row.query_selector("button").ok().flatten()) {
        focus::give(&button);
    }
}

fn closest(target: Option<EventTarget>, selector: &str) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}
