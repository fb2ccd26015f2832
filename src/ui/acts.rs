//! What painted elements do. Pictures are data and have no listeners of their own: an attribute says
//! in a few words what a click means, and one listener for the page carries it out.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::keys;
use super::workspace::Workspace;
pub use crate::picture::markup::ACT;
use crate::platform::document;
use crate::scenario::ArmKind;

/// The attribute of a field that says what becomes of what is typed into it.
pub const TAKES: &str = "data-takes";

/// What opens the inspector on a call.
pub fn inspect(kind: ArmKind, call: usize) -> String {
    format!("inspect {} {call}", kind.index())
}

/// Listens as long as the page is there.
pub fn listen(workspace: Workspace) {
    let clicks = window_event_listener(ev::click, move |event| {
        if let Some(act) = document::closest(event.target().as_ref(), &format!("[{ACT}]"))
            && let Some(words) = act.get_attribute(ACT)
        {
            carry_out(workspace, &words);
        }
    });
    let fields = window_event_listener(ev::change, move |event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = field
            && let Some(run) = field.get_attribute(TAKES).and_then(|number| number.parse().ok())
        {
            field.set_value(&workspace.rename_run(run, &field.value()));
        }
    });
    // A gesture ends where the next one begins: with the pointer, or on another control.
    let pointer = window_event_listener_untyped("pointerdown", move |_| workspace.end_gesture());
    let focus = window_event_listener_untyped("focusin", move |_| workspace.end_gesture());
    let keys = window_event_listener(ev::keydown, move |event| keys::on_key(workspace, &event));
    on_cleanup(move || {
        [clicks, fields, pointer, focus].into_iter().for_each(WindowListenerHandle::remove);
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
        "advise" => {
            let arm = number();
            workspace.take_advice(arm, number());
        }
        "layout" => workspace.choose_layout(number()),
        "zoom-out" => workspace.zoom_out(),
        "zoom-in" => workspace.zoom_in(),
        "zoom-whole" => workspace.zoom_to_whole(),
        "calls" => workspace.choose_calls(number()),
        "page" => workspace.list_page.set(number()),
        "sort" => workspace.sort_by(number()),
        "previous" => workspace.inspect_previous(),
        "next" => workspace.inspect_next(),
        "curl" => workspace.copy_call_as_curl(),
        "close" => workspace.close_inspector(),
        "keep" => workspace.keep_this_run(),
        "download-run" => workspace.download_run(),
        "download-trace" => workspace.download_trace(),
        "pin" => workspace.pin_run(number()),
        "back" => workspace.back_to_run(number()),
        "delete" => workspace.delete_run(number()),
        "undo" => workspace.undo_delete(),
        "scope" => workspace.choose_shared(number()),
        "copy" => workspace.copy_shared(number()),
        "large" => workspace.enlarge_or_shrink_code(),
        "present" => workspace.present(),
        "leave" => workspace.leave_presentation(),
        _ => {}
    }
}
