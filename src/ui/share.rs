//! Sharing: the link, how long it is, what is in it, and the file for what no link takes.

use leptos::html;
use leptos::prelude::*;

use super::parts::button::Button;
use super::parts::dialog::DialogFrame;
use super::workspace::{Dialog, Workspace};
use crate::platform::{clipboard, location};
use crate::scenario::link::LONGEST_MADE;

/// Characters that every chat takes.
const FITS_ANYWHERE: usize = 1_800;
/// Characters that most take.
const LONG: usize = 8_000;

#[component]
pub fn ShareDialog() -> impl IntoView {
    let workspace = Workspace::expect();
    let is_open = move || workspace.dialog.get() == Some(Dialog::Share);
    Effect::new(move || {
        if is_open() {
            workspace.make_link();
        }
    });
    view! {
        <DialogFrame title="Share" is=Dialog::Share>
            {move || match workspace.link.get() {
                None => ().into_any(),
                Some(Ok(fragment)) => view! { <LinkField fragment /> }.into_any(),
                Some(Err(refused)) => {
                    view! { <p class="problem" role="alert">{refused.sentence()}</p> }.into_any()
                }
            }}
            <p class="hint">
                "In it: the title, all prompts, sections, documents and limits, and the seed. Not in it: keys, \
                 endpoints, answers of real models. Anyone who has the link can read the prompts. It is not \
                 encrypted; it is only never sent to a server."
            </p>
            <Button text="Download as a file" on_click=move |()| workspace.download_scenario() />
        </DialogFrame>
    }
}

#[component]
fn LinkField(fragment: String) -> impl IntoView {
    let address = location::with_fragment(&fragment);
    let n = address.chars().count();
    let (tone, words) = if n <= FITS_ANYWHERE {
        ("short", "fits anywhere")
    } else if n <= LONG {
        ("long", "long: some chats will cut it")
    } else {
        ("very-long", "very long: better send the file")
    };
    let field = NodeRef::<html::Textarea>::new();
    let copied = RwSignal::new(false);
    let copy = move |()| {
        let Some(field) = field.get() else { return };
        field.select();
        // The selection stays for browsers that refuse the clipboard.
        clipboard::write(&field.value());
        copied.set(true);
    };
    view! {
        <label class="field">
            <span>"Link"</span>
            <textarea node_ref=field readonly rows="4" prop:value=address></textarea>
        </label>
        <div class="meter">
            <meter min="0" max=LONGEST_MADE.to_string() prop:value=n.to_string() aria-label="Length of the link"></meter>
            <span data-tone=tone>{format!("{n} characters, {words}")}</span>
        </div>
        <Button
            kind="primary"
            text=Signal::derive(move || if copied.get() { "Copied" } else { "Copy link" }.to_string())
            on_click=copy
        />
    }
}
