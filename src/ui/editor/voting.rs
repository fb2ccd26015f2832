//! Question, answers and prompt of voting.

use leptos::prelude::*;

use super::prompt::PromptEditor;
use crate::scenario::dial::Dial;
use crate::ui::dials::DialGroup;
use crate::ui::parts::field::{Choice, TextArea};
use crate::ui::workspace::Workspace;

#[component]
pub fn VotingEditor() -> impl IntoView {
    let workspace = Workspace::expect();
    let draft = workspace.draft;
    let options_to_choose = move || {
        let unknown = (String::new(), "not known".to_string());
        draft.with(|draft| {
            let options = draft.voting.options.iter().enumerate();
            let options = options.map(|(index, option)| (index.to_string(), option.clone()));
            [unknown].into_iter().chain(options).collect::<Vec<_>>()
        })
    };
    let correct = |index: Option<u32>| index.map(|index| index.to_string()).unwrap_or_default();
    view! {
        <TextArea
            label="Question"
            rows=3
            value=workspace.text(|draft| draft.voting.question.clone())
            on_input=workspace.on_text(|draft, text| draft.voting.question = text)
        />
        <TextArea
            label="Answers to choose from"
            hint="one a line; none for a free answer"
            rows=4
            value=workspace.text(|draft| draft.voting.options.join("\n"))
            on_input=workspace.on_text(|draft, text| {
                // Empty lines stay while somebody types.
                draft.voting.options = text.split('\n').map(str::to_string).collect();
            })
        />
        <Choice
            label="Right answer, for the simulation only"
            options=Signal::derive(options_to_choose)
            chosen=Signal::derive(move || draft.with(|draft| correct(draft.voting.correct)))
            on_choose=workspace.on_text(|draft, chosen| draft.voting.correct = chosen.parse().ok())
        />
        <DialGroup heading="The count" dials=&[Dial::Rule, Dial::Stop, Dial::StopWindow, Dial::Judge] />
        <DialGroup
            heading="When answers are the same"
            dials=&[Dial::ReadCase, Dial::ReadPunctuation, Dial::ReadNumber, Dial::ReadOptions]
        />
        <PromptEditor name="Voting prompt" variables="{question}" prompt=|draft| &draft.voting.prompt
            prompt_mut=|draft| &mut draft.voting.prompt />
        {move || {
            let judges = draft.with(|draft| draft.dials.is_on(Dial::Judge));
            judges.then(|| view! {
                <PromptEditor name="Judge prompt" variables="{question} {candidates}"
                    prompt=|draft| &draft.voting.judge_prompt
                    prompt_mut=|draft| &mut draft.voting.judge_prompt />
            }).into_any()
        }}
    }
}
