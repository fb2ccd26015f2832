//! The dialog: the browser's own, modal, with its focus handling and its Escape key. What is in it
//! depends on what was opened.

use leptos::html;
use leptos::prelude::*;

use super::parts::painted::{Markup, button, element, repainted};
use super::workspace::{Dialog, Workspace};
use super::{consent, runs, settings, share, sheet};

#[component]
pub fn DialogFrame() -> impl IntoView {
    let workspace = Workspace::expect();
    share::follow(workspace);
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |before: Option<Vec<Markup>>| {
        let now = workspace.dialog.get().map(|which| contents(workspace, which)).unwrap_or_default();
        if let Some(dialog) = node.get() {
            repainted(&dialog, &before.unwrap_or_default(), &now);
            match workspace.dialog.get().is_some() {
                true if !dialog.open() => {
                    let _ = dialog.show_modal();
                }
                false if dialog.open() => dialog.close(),
                _ => {}
            }
        }
        now
    });
    let title = move || workspace.dialog.get().map_or("", title);
    view! { <dialog node_ref=node aria-label=title on:close=move |_| workspace.dialog.set(None)></dialog> }
        .into_any()
}

fn title(dialog: Dialog) -> &'static str {
    match dialog {
        Dialog::Settings => "Settings",
        Dialog::Share => "Share",
        Dialog::Runs => "Runs",
        Dialog::Keys => "Keys",
        Dialog::Consent => "Run live?",
    }
}

fn contents(workspace: Workspace, dialog: Dialog) -> Vec<Markup> {
    let (drawn, end) = match dialog {
        Dialog::Settings => (settings::contents(workspace), "Done"),
        Dialog::Share => (share::contents(workspace), "Done"),
        Dialog::Runs => (runs::contents(workspace), "Done"),
        Dialog::Keys => (sheet::contents(workspace), "Done"),
        Dialog::Consent => (consent::contents(workspace), "Cancel"),
    };
    let end = element("div").class("dialog-end").children(vec![button("button", "close-dialog", end)]);
    [element("h2").text(title(dialog))].into_iter().chain(drawn).chain([end]).collect()
}
