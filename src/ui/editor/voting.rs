//! Question, answers and prompt of voting.

use leptos::prelude::*;

use super::prompt::PromptEditor;
use crate::ui::parts::field::TextArea;
use crate::ui::workspace::Workspace;

#[component]
pub fn VotingEditor() -> impl IntoView {
    let workspace = Workspace::expect();
    let draft = workspace.draft;
    let options = move || draft.with(|draft| draft.voting.options.join("\n"));
    let options_to_choose =
        move || draft.with(|draft| draft.voting.options.iter().cloned().enumerate().collect::<Vec<_>>());
    let correct =
        move || draft.with(|draft| draft.voting.correct.map(|index| index.to_string()).unwrap_or_default());
    view! {
        <TextArea
            label="Question"
            rows=3
            value=Signal::derive(move || draft.with(|draft| draft.voting.question.clone()))
            on_input=move |text| workspace.edit(|draft| draft.voting.question = text)
        />
        <TextArea
            label="Answers to choose from"
            hint="one a line; none for a free answer"
            rows=4
            value=Signal::derive(options)
            on_input=move |text| {
                workspace.edit(|draft| draft.voting.options = text.lines().map(str::to_string).collect());
            }
        />
        <label class="choice">
            <span>"Right answer " <small>"for the simulation only"</small></span>
            <select
                prop:value=correct
                on:change:target=move |event| {
                    let chosen = event.target().value().parse().ok();
                    workspace.edit(|draft| draft.voting.correct = chosen);
                }
            >
                <option value="">"not known"</option>
                {move || {
                    options_to_choose()
                        .into_iter()
                        .map(|(index, option)| {
                            view! {
                                <option value=index.to_string() selected=move || correct() == index.to_string()>
                                    {option}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </label>
        <PromptEditor name="Voting prompt" variables="{question}" prompt=|draft| &mut draft.voting.prompt />
    }
}
