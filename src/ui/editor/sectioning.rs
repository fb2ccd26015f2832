//! Topic, sections and prompts of sectioning.

use leptos::prelude::*;

use super::prompt::PromptEditor;
use crate::scenario::draft::SectionDraft;
use crate::ui::parts::button::{Button, IconButton};
use crate::ui::parts::field::{TextArea, TextField};
use crate::ui::parts::icon::Sign;
use crate::ui::workspace::Workspace;

#[component]
pub fn SectioningEditor() -> impl IntoView {
    let workspace = Workspace::expect();
    let draft = workspace.draft;
    let n_sections = Memo::new(move |_| draft.with(|draft| draft.sectioning.sections.len()));
    let add = move |()| workspace.edit(|draft| draft.sectioning.sections.push(SectionDraft::default()));
    view! {
        <TextArea
            label="Topic"
            rows=2
            value=workspace.text(|draft| draft.sectioning.topic.clone())
            on_input=workspace.on_text(|draft, text| draft.sectioning.topic = text)
        />
        {move || (0..n_sections.get()).map(|index| view! { <SectionFields index /> }.into_any()).collect_view().into_any()}
        <Button text="Add a section" sign=Sign::Add on_click=add />
        <PromptEditor
            name="Section prompt"
            variables="{topic} {section}"
            prompt=|draft| &draft.sectioning.section_prompt
            prompt_mut=|draft| &mut draft.sectioning.section_prompt
        />
        <PromptEditor
            name="Synthesis prompt"
            variables="{topic} {results}"
            prompt=|draft| &draft.sectioning.synthesis_prompt
            prompt_mut=|draft| &mut draft.sectioning.synthesis_prompt
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
    let write = move |field: fn(&mut SectionDraft) -> &mut String| {
        Callback::new(move |text: String| {
            workspace.edit(|draft| {
                if let Some(section) = draft.sectioning.sections.get_mut(index) {
                    *field(section) = text;
                }
            });
        })
    };
    let remove = move |()| {
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
                on_input=write(|section| &mut section.name)
            />
            <IconButton sign=Sign::Close name=format!("Remove section {}", index + 1) on_click=remove />
            <TextArea
                label="What it covers"
                rows=3
                value=read(|section| &section.brief)
                on_input=write(|section| &mut section.brief)
            />
            <TextField
                label="After"
                placeholder="names of sections it builds on, with commas"
                value=Signal::derive(move || {
                    workspace.draft.with(|draft| {
                        draft.sectioning.sections.get(index).map(|s| s.after.join(", ")).unwrap_or_default()
                    })
                })
                on_input=Callback::new(move |text: String| {
                    workspace.edit(|draft| {
                        if let Some(section) = draft.sectioning.sections.get_mut(index) {
                            section.set_after(&text);
                        }
                    });
                })
            />
        </div>
    }
}
