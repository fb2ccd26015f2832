//! Tries the connection out, and says what is the matter and what to type.

use leptos::prelude::*;

use crate::providers::connection::Command;
use crate::ui::parts::button::Button;
use crate::ui::workspace::Workspace;

/// How far the check is.
#[derive(Clone, Default, PartialEq)]
pub enum Checked {
    #[default]
    Not,
    Checking,
    /// What was found, and commands that help.
    Found(String, Vec<Command>),
}

#[component]
pub fn ConnectionCheck() -> impl IntoView {
    let workspace = Workspace::expect();
    let checked = workspace.connection;
    let about = Memo::new(move |_| {
        workspace.settings.with(|s| (s.base_url.clone(), s.keys.typed(&s.base_url).to_string()))
    });
    // What was found is about an address and a key, and about no other ones.
    Effect::new(move |_| {
        about.track();
        checked.set(Checked::Not);
    });
    let command =
        |Command { place, text }: Command| view! { <dt>{place}</dt> <dd><code>{text}</code></dd> }.into_any();
    let found = move || match checked.get() {
        Checked::Not => ().into_any(),
        Checked::Checking => view! { <p class="hint">"Asking for the list of models…"</p> }.into_any(),
        Checked::Found(sentence, commands) => view! {
            <p class="finding">{sentence}</p>
            <dl class="commands">{commands.into_iter().map(command).collect_view()}</dl>
        }
        .into_any(),
    };
    view! {
        <div class="buttons">
            <Button
                text="Check connection"
                disabled=Signal::derive(move || checked.with(|checked| *checked == Checked::Checking))
                on_click=move |()| workspace.check_connection()
            />
            <Button text="Copy as curl" on_click=move |()| workspace.copy_as_curl() />
        </div>
        <div role="status" data-connection="">{found}</div>
    }
    .into_any()
}
