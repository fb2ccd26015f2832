//! What painted elements do. Pictures are data and have no listeners of their own: an attribute says
//! in a few words what a click means, and one listener for the page carries it out.

use leptos::ev;
use leptos::prelude::*;

use super::keys;
use super::workspace::{Dialog, Workspace};
use crate::picture::editor::takes;
use crate::picture::field::TAKES;
pub use crate::picture::markup::ACT;
use crate::platform::{document, root};
use crate::scenario::ArmKind;
use crate::scenario::draft::SectionDraft;
use crate::scenario::passage::Passage;

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
    // A gesture ends where the next one begins: with the pointer, or on another control.
    let pointer = window_event_listener_untyped("pointerdown", move |_| attend(workspace));
    let focus = window_event_listener_untyped("focusin", move |_| attend(workspace));
    let keys = window_event_listener(ev::keydown, move |event| {
        workspace.study_what_waits();
        keys::on_key(workspace, &event);
    });
    let leaving = window_event_listener_untyped("pagehide", move |_| workspace.keep_work_now());
    on_cleanup(move || {
        [clicks, pointer, focus, leaving].into_iter().for_each(WindowListenerHandle::remove);
        keys.remove();
    });
}

/// Somebody does something.
fn attend(workspace: Workspace) {
    workspace.end_gesture();
    workspace.study_what_waits();
}

fn carry_out(workspace: Workspace, words: &str) {
    let mut words = words.split(' ');
    let name = words.next().unwrap_or_default();
    attend(workspace);
    let mut number = || words.next().and_then(|word| word.parse::<usize>().ok()).unwrap_or(0);
    match name {
        "inspect" => {
            let (arm, call) = (number(), number());
            of_arm(arm, |kind| workspace.inspect(kind, call));
        }
        "advise" => {
            let arm = number();
            workspace.take_advice(arm, number());
        }
        "run" => workspace.run(&ArmKind::ALL),
        "run-arm" => of_arm(number(), |kind| workspace.run(&[kind])),
        "run-live" => workspace.run_consented(),
        "take-answers" => of_arm(number(), |kind| workspace.take_answers(kind)),
        "try" => of_arm(number(), |kind| workspace.try_aggregator(kind, false)),
        "try-live" => of_arm(number(), |kind| workspace.try_aggregator(kind, true)),
        "stop" => workspace.stop(),
        "undo" => workspace.undo(false),
        "redo" => workspace.undo(true),
        "note" => root::toggle("data-note"),
        "menu" => workspace.menu.update(|open| *open = !*open),
        "settings" => workspace.dialog.set(Some(Dialog::Settings)),
        "share" => workspace.dialog.set(Some(Dialog::Share)),
        "keys" => workspace.dialog.set(Some(Dialog::Keys)),
        "runs" => workspace.open_runs(),
        "close-dialog" => workspace.dialog.set(None),
        "download-scenario" => workspace.download_scenario(),
        "start" => workspace.go_to(0),
        "end" => workspace.go_to(u64::MAX),
        "step" => workspace.step(),
        "step-back" => workspace.step_back(),
        "play" => workspace.play_or_pause(),
        "from-beginning" => workspace.undo_forks(),
        "in-full" => {
            workspace.in_full.get(number()).into_iter().for_each(|full| full.update(|full| *full = !*full))
        }
        "dismiss" => workspace.dismiss(number()),
        "open-default" => workspace.open_default(),
        "back-to-work" => workspace.back_to_replaced_work(),
        "check-connection" => workspace.check_connection(),
        "copy-sample" => workspace.copy_as_curl(),
        "sign-in" => workspace.sign_in(),
        "forget-keys" => workspace.change_settings(|settings| settings.keys.forget_all()),
        "add-price" => workspace.add_price(),
        "reseed" => workspace.edit(|draft| draft.seed = draft.seed.wrapping_add(1)),
        "add-section" => {
            workspace.edit(|draft| draft.sectioning.sections.push(SectionDraft::default()));
            let last =
                workspace.draft.with_untracked(|draft| draft.sectioning.sections.len()).saturating_sub(1);
            write_into(Passage::SectionName(last));
        }
        "drop-section" => workspace.edit(|draft| drop_from(&mut draft.sectioning.sections, number())),
        "add-document" => {
            workspace.edit(|draft| draft.map_reduce.add_document("", String::new()));
            let last =
                workspace.draft.with_untracked(|draft| draft.map_reduce.documents.len()).saturating_sub(1);
            write_into(Passage::DocumentText(last));
        }
        "drop-document" => workspace.edit(|draft| drop_from(&mut draft.map_reduce.documents, number())),
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
        "undo-delete" => workspace.undo_delete(),
        "scope" => workspace.choose_shared(number()),
        "copy" => workspace.copy_shared(number()),
        "large" => workspace.enlarge_or_shrink_code(),
        "present" => workspace.present(),
        "leave" => workspace.leave_presentation(),
        _ => {}
    }
}

/// Gives the focus to the field of a passage, once it is painted: what is typed next belongs there.
fn write_into(passage: Passage) {
    let field = format!("[{TAKES}=\"{}\"]", takes(passage));
    request_animation_frame(move || document::focus(&field));
}

fn of_arm(place: usize, carry_out: impl FnOnce(ArmKind)) {
    if let Some(kind) = ArmKind::ALL.get(place) {
        carry_out(*kind);
    }
}

fn drop_from<T>(list: &mut Vec<T>, place: usize) {
    if place < list.len() {
        list.remove(place);
    }
}
