//! A modal dialog: the browser's own, with its focus handling and its Escape key.

use leptos::html;
use leptos::prelude::*;

use super::button::Button;
use crate::ui::workspace::{Dialog, Workspace};

#[component]
pub fn DialogFrame(
    /// The heading, which names the dialog.
    title: &'static str,
    /// Which dialog this is.
    is: Dialog,
    /// The word of the button that closes it.
    #[prop(default = "Done")]
    end: &'static str,
    children: Children,
) -> impl IntoView {
    let workspace = Workspace::expect();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match workspace.dialog.get() == Some(is) {
            true if !dialog.open() => {
                let _ = dialog.show_modal();
            }
            false if dialog.open() => dialog.close(),
            _ => {}
        }
    });
    let close = move || {
        if workspace.dialog.get_untracked() == Some(is) {
            workspace.dialog.set(None);
        }
    };
    view! {
        <dialog node_ref=node aria-label=title on:close=move |_| close()>
            <h2>{title}</h2>
            {children()}
            <div class="dialog-end">
                <Button text=end on_click=move |()| close() />
            </div>
        </dialog>
    }
    .into_any()
}
