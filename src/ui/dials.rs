//! The finer settings on the page, as their table describes them.

use leptos::prelude::*;

use super::parts::field::{Choice, NumberField, Switch};
use super::workspace::Workspace;
use crate::scenario::dial::{Dial, Values};

/// A group of dials under a heading.
#[component]
pub fn DialGroup(heading: &'static str, dials: &'static [Dial]) -> impl IntoView {
    view! {
        <fieldset class="dials">
            <legend>{heading}</legend>
            {dials.iter().map(|dial| view! { <DialField dial=*dial /> }.into_any()).collect_view().into_any()}
        </fieldset>
    }
    .into_any()
}

/// A dial, as long as it matters.
#[component]
pub fn DialField(dial: Dial) -> impl IntoView {
    let workspace = Workspace::expect();
    let matters = Memo::new(move |_| workspace.draft.with(|draft| dial.matters(&draft.dials)));
    (move || matters.get().then(|| field(workspace, dial)).into_any()).into_any()
}

fn field(workspace: Workspace, dial: Dial) -> AnyView {
    let about = dial.about();
    let value = Signal::derive(move || workspace.draft.with(|draft| draft.dials.get(dial)));
    let set = Callback::new(move |value| workspace.edit(|draft| draft.dials.set(dial, value)));
    match about.values {
        Values::Flag => view! {
            <Switch
                label=about.label
                on=Signal::derive(move || value.get() == Some(1))
                on_change=Callback::new(move |on: bool| set.run(Some(on.into())))
            />
        }
        .into_any(),
        Values::Choice(values) => {
            let options: Vec<(String, String)> =
                values.iter().map(|(name, words)| (name.to_string(), words.to_string())).collect();
            let named = move || value.get().and_then(|n| values.get(n as usize)).map_or("", |(name, _)| name);
            let choose = move |name: String| {
                set.run(values.iter().position(|(known, _)| *known == name).map(|n| n as u32));
            };
            view! {
                <Choice
                    label=about.label
                    options=options
                    chosen=Signal::derive(move || named().to_string())
                    on_choose=Callback::new(choose)
                />
            }
            .into_any()
        }
        Values::Count { least, most } => view! {
            <NumberField label=about.label unit=about.unit least=least most=most value=value on_change=set />
        }
        .into_any(),
        Values::Optional { least, most } => view! {
            <NumberField
                label=about.label
                unit=about.unit
                least=least
                most=most
                placeholder="none"
                value=value
                on_change=set
            />
        }
        .into_any(),
    }
}
