//! Labelled fields for text.

use leptos::prelude::*;

#[component]
pub fn TextField(
    label: &'static str,
    #[prop(into)] value: Signal<String>,
    on_input: impl Fn(String) + 'static,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "")] placeholder: &'static str,
) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                type=kind
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                // A property, not an attribute: what is typed shows up nowhere in the markup.
                prop:value=value
                on:input:target=move |event| on_input(event.target().value())
            />
        </label>
    }
}

#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    on_input: impl Fn(String) + 'static,
    #[prop(default = 3)] rows: u32,
    /// What may stand in it, such as variables.
    #[prop(default = "")]
    hint: &'static str,
) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label} <small>{hint}</small></span>
            <textarea
                rows=rows
                dir="auto"
                prop:value=value
                on:input:target=move |event| on_input(event.target().value())
            ></textarea>
        </label>
    }
}
