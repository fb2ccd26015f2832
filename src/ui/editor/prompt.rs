//! A prompt: what the model is told about itself, and what it is asked.

use leptos::prelude::*;

use crate::engine::call::Prompt;
use crate::scenario::draft::Draft;
use crate::ui::parts::field::TextArea;
use crate::ui::workspace::Workspace;

#[component]
pub fn PromptEditor(
    name: &'static str,
    /// The variables it may contain.
    variables: &'static str,
    prompt: fn(&Draft) -> &Prompt,
    prompt_mut: fn(&mut Draft) -> &mut Prompt,
) -> impl IntoView {
    let workspace = Workspace::expect();
    let read = move |field: fn(&Prompt) -> &String| {
        Signal::derive(move || workspace.draft.with(|draft| field(prompt(draft)).clone()))
    };
    let write = move |field: fn(&mut Prompt) -> &mut String| {
        Callback::new(move |text| workspace.edit(|draft| *field(prompt_mut(draft)) = text))
    };
    view! {
        <fieldset>
            <legend>{name}</legend>
            <TextArea
                label=format!("{name}, system")
                rows=2
                value=read(|prompt| &prompt.system)
                on_input=write(|prompt| &mut prompt.system)
            />
            <TextArea
                label=format!("{name}, user")
                hint=variables
                rows=4
                value=read(|prompt| &prompt.user)
                on_input=write(|prompt| &mut prompt.user)
            />
        </fieldset>
    }
}
