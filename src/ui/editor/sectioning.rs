//! Topic, sections and prompts of sectioning.

use leptos::prelude::*;

use super::prompt::PromptEditor;
use crate::scenario::draft::SectionDraft;
use crate::ui::parts::field::{TextArea, TextField};
use crate::ui::parts::icon::{Icon, Sign};
use crate::ui::workspace::Workspace;

#[component]
pub fn SectioningEditor() -> impl IntoView {
    let workspace = Workspace::expect();
    let draft = workspace.draft;
    let n_sections = Memo::new(move |_| draft.with(|draft| draft.sectioning.sections.len()));
    let add = move |_| workspace.edit(|draft| draft.sectioning.sections.push(SectionDraft::default()));
    view! {
        <TextArea
            label="Topic"
            rows=2
            value=Signal::derive(move || draft.with(|draft| draft.sectioning.topic.clone()))
            on_input=move |text| workspace.edit(|draft| draft.sectioning.topic = text)
        />
        {move || (0..n_sections.get()).map(|index| view! { <SectionFields index /> }).collect_view()}
        <button class="button" on:click=add>
            <Icon sign=Sign::Add />
            "Add a section"
        </button>
        <PromptEditor
            name="Section prompt"
            variables="{topic} {section}"
            prompt=|draft| &mut draft.sectioning.section_prompt
        />
        <PromptEditor
            name="Synthesis prompt"
            variables="{topic} {results}"
            prompt=|draft| &mut draft.sectioning.synthesis_prompt
        />
    }
}

#[component]
fn SectionFields(index: usize) -> impl IntoView {
    let workspace = Workspace::expect();
    let read = move |field: fn(&SectionDraft) -> &String| {
        Signal::derive(move || {
            workspace
                .draft
                .with(|draft| draft.sectioning.sections.get(index).map(field).cloned().unwrap_or_default())
        })
    };
    let write = move |change: &dyn Fn(&mut SectionDraft)| {
        workspace.edit(|draft| draft.sectioning.sections.get_mut(index).into_iter().for_each(change));
    };
    let remove = move |_| {
        workspace.edit(|draft| {
            if index < draft.sectioning.sections.len() {
                draft.sectioning.sections.remove(index);
            }
        });
    };
    view! {
        <div class="item">
            <TextField
                label="Section"
                value=read(|section| &section.name)
                on_input=move |text| write(&|section| section.name.clone_from(&text))
            />
            <button class="icon-button" aria-label=format!("Remove section {}", index + 1) on:click=remove>
                <Icon sign=Sign::Close />
            </button>
            <TextArea
                label="What it covers"
                rows=3
                value=read(|section| &section.brief)
                on_input=move |text| write(&|section| section.brief.clone_from(&text))
            />
        </div>
    }
}
