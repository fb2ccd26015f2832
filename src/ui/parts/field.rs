//! Labelled fields for text. They take callbacks, not closures of their own types: one piece of
//! code serves all of them.

use leptos::prelude::*;

#[component]
pub fn TextField(
    label: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "")] placeholder: &'static str,
    /// The id of a list of proposals.
    #[prop(optional)]
    list: Option<&'static str>,
) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                type=kind
                list=list
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                // A property, not an attribute: what is typed shows up nowhere in the markup.
                prop:value=value
                on:input:target=move |event| on_input.run(event.target().value())
            />
        </label>
    }
    .into_any()
}

#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(default = 3)] rows: u32,
    /// What may stand in it, such as variables.
    #[prop(default = "")]
    hint: &'static str,
) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label} " " <small>{hint}</small></span>
            <textarea
                rows=rows
                dir="auto"
                prop:value=value
                on:input:target=move |event| on_input.run(event.target().value())
            ></textarea>
        </label>
    }
    .into_any()
}

/// A choice among a few names. `chosen` and `on_choose` speak of values, the list shows words.
#[component]
pub fn Choice(
    label: &'static str,
    /// Values and the words for them.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] chosen: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let option = move |(value, words): (String, String)| {
        let selected = chosen.get() == value;
        view! { <option value=value selected=selected>{words}</option> }.into_any()
    };
    view! {
        <label class="choice">
            <span>{label}</span>
            <select on:change:target=move |event| on_choose.run(event.target().value())>
                {move || options.get().into_iter().map(option).collect_view().into_any()}
            </select>
        </label>
    }
    .into_any()
}

/// A whole number, or nothing where the field is empty.
#[component]
pub fn NumberField(
    label: &'static str,
    #[prop(into)] value: Signal<Option<u32>>,
    #[prop(into)] on_change: Callback<Option<u32>>,
    least: u32,
    most: u32,
    #[prop(default = "")] unit: &'static str,
    #[prop(default = "")] placeholder: &'static str,
) -> impl IntoView {
    view! {
        <label class="number">
            <span>{label} " " <small>{unit}</small></span>
            <input
                type="number"
                min=least
                max=most
                placeholder=placeholder
                prop:value=move || value.get().map(|n| n.to_string()).unwrap_or_default()
                // On change, not on input: half a number is none.
                on:change:target=move |event| on_change.run(event.target().value().trim().parse().ok())
            />
        </label>
    }
    .into_any()
}

/// Something that is on or off.
#[component]
pub fn Switch(
    label: &'static str,
    #[prop(into)] on: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=on
                on:change:target=move |event| on_change.run(event.target().checked())
            />
            {label}
        </label>
    }
    .into_any()
}
