//! Documents, fan-in and prompts of map-reduce.

use leptos::prelude::*;

use super::prompt::PromptEditor;
use crate::scenario::draft::DocumentDraft;
use crate::ui::parts::field::{TextArea, TextField};
use crate::ui::parts::icon::{Icon, Sign};
use crate::ui::parts::slider::{Slider, Steps};
use crate::ui::workspace::Workspace;

#[component]
pub fn MapReduceEditor() -> impl IntoView {
    let workspace = Workspace::expect();
    let draft = workspace.draft;
    let n_documents = Memo::new(move |_| draft.with(|draft| draft.map_reduce.documents.len()));
    let add = move |_| workspace.edit(|draft| draft.map_reduce.add_document("", String::new()));
    view! {
        <Slider
            label="Fan-in"
            unit="results a reduce call"
            steps=Steps::Range(2, 16)
            value=Signal::derive(move || draft.with(|draft| Some(draft.map_reduce.fan_in)))
            on_change=move |n| workspace.edit(|draft| draft.map_reduce.fan_in = n.unwrap_or(2).min(1000))
        />
        {move || (0..n_documents.get()).map(|index| view! { <DocumentFields index /> }).collect_view()}
        <div class="buttons">
            <button class="button" on:click=add>
                <Icon sign=Sign::Add />
                "Add a document"
            </button>
            <AddFiles />
        </div>
        <PromptEditor
            name="Map prompt"
            variables="{id} {document}"
            prompt=|draft| &mut draft.map_reduce.map_prompt
        />
        <PromptEditor
            name="Reduce prompt"
            variables="{results}"
            prompt=|draft| &mut draft.map_reduce.reduce_prompt
        />
    }
}

#[component]
fn AddFiles() -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <label class="button file-button">
            "Add text files"
            <input
                type="file"
                class="visually-hidden"
                accept=".txt,.md,text/plain"
                multiple
                on:change:target=move |event| {
                    let input = event.target();
                    if let Some(files) = input.files() {
                        workspace.add_documents((0..files.length()).filter_map(|i| files.get(i)).collect());
                    }
                    input.set_value("");
                }
            />
        </label>
    }
}

#[component]
fn DocumentFields(index: usize) -> impl IntoView {
    let workspace = Workspace::expect();
    let read = move |field: fn(&DocumentDraft) -> &String| {
        Signal::derive(move || {
            workspace
                .draft
                .with(|draft| draft.map_reduce.documents.get(index).map(field).cloned().unwrap_or_default())
        })
    };
    let write = move |change: &dyn Fn(&mut DocumentDraft)| {
        workspace.edit(|draft| draft.map_reduce.documents.get_mut(index).into_iter().for_each(change));
    };
    let remove = move |_| {
        workspace.edit(|draft| {
            if index < draft.map_reduce.documents.len() {
                draft.map_reduce.documents.remove(index);
            }
        });
    };
    view! {
        <div class="item">
            <TextField
                label="Document"
                value=read(|document| &document.id)
                on_input=move |text| write(&|document| document.id.clone_from(&text))
            />
            <button class="icon-button" aria-label=format!("Remove document {}", index + 1) on:click=remove>
                <Icon sign=Sign::Close />
            </button>
            <TextArea
                label="Text"
                rows=4
                value=read(|document| &document.text)
                on_input=move |text| write(&|document| document.text.clone_from(&text))
            />
        </div>
    }
}
