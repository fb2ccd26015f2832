//! What painted elements do. Pictures are data and have no listeners of their own: an attribute says
//! in a few words what a click means, and one listener for the page carries it out.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

use super::keys;
use super::workspace::Workspace;
pub use crate::picture::markup::ACT;
use crate::scenario::ArmKind;

/// What opens the inspector on a call.
pub fn inspect(kind: ArmKind, call: usize) -> String {
    format!("inspect {} {call}", kind.index())
}

/// Listens as long as the page is there.
pub fn listen(workspace: Workspace) {
    let clicks = window_event_listener(ev::click, move |event| {
        if let Some(act) = closest(event.target())
            && let Some(words) = act.get_attribute(ACT)
        {
            carry_out(workspace, &words);
        }
    });
    let keys = window_event_listener(ev::keydown, move |event| keys::on_key(workspace, &event));
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
        "layout" => workspace.choose_layout(number()),
        "calls" => workspace.choose_calls(number()),
        "sort" => workspace.sort_by(number()),
        "previous" => workspace.inspect_previous(),
        "next" => workspace.inspect_next(),
        "curl" => workspace.copy_call_as_curl(),
        "close" => workspace.close_inspector(),
        _ => {}
    }
}

fn closest(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest(&format!("[{ACT}]")).ok().flatten()
}
