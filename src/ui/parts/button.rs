//! Buttons with words, and buttons with a sign alone.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

#[component]
pub fn Button(
    #[prop(into)] text: Signal<String>,
    #[prop(into)] on_click: Callback<()>,
    /// `primary` or `quiet`; an ordinary one without.
    #[prop(default = "")]
    kind: &'static str,
    #[prop(optional)] sign: Option<Sign>,
    #[prop(into, optional)] disabled: Signal<bool>,
    /// The accessible name, where the words alone do not say enough.
    #[prop(into, optional)]
    name: Option<String>,
) -> impl IntoView {
    let class = match kind {
        "primary" => "button button-primary",
        "quiet" => "button button-quiet",
        _ => "button",
    };
    view! {
        <button class=class aria-label=name prop:disabled=disabled on:click=move |_| on_click.run(())>
            {sign.map(|sign| view! { <Icon sign /> }).into_any()}
            {text}
        </button>
    }
    .into_any()
}

#[component]
pub fn IconButton(
    #[prop(into)] sign: Signal<Sign>,
    #[prop(into)] name: Signal<String>,
    #[prop(into)] on_click: Callback<()>,
) -> impl IntoView {
    view! {
        <button class="icon-button" aria-label=name on:click=move |_| on_click.run(())>
            <Icon sign />
        </button>
    }
    .into_any()
}

/// A button that opens the browser's file chooser.
#[component]
pub fn FileButton(
    text: &'static str,
    accept: &'static str,
    #[prop(optional)] multiple: bool,
    #[prop(into)] on_choose: Callback<Vec<web_sys::File>>,
) -> impl IntoView {
    view! {
        <label class="button file-button">
            {text}
            <input
                type="file"
                class="visually-hidden"
                aria-label=text
                accept=accept
                multiple=multiple
                on:change:target=move |event| {
                    let input = event.target();
                    if let Some(files) = input.files() {
                        on_choose.run((0..files.length()).filter_map(|i| files.get(i)).collect());
                    }
                    // So that the same file can be chosen again after a change.
                    input.set_value("");
                }
            />
        </label>
    }
    .into_any()
}
