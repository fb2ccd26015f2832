//! Documents, fan-in and prompts of map-reduce.

use leptos::prelude::*;

use super::prompt::PromptEditor;
use crate::analysis::words;
use crate::engine::patterns::Pattern;
use crate::scenario::ArmKind;
use crate::scenario::dial::Dial;
use crate::scenario::draft::DocumentDraft;
use crate::ui::dials::DialGroup;
use crate::ui::parts::button::{Button, FileButton, IconButton};
use crate::ui::parts::field::{TextArea, TextField};
use crate::ui::parts::icon::Sign;
use crate::ui::parts::painted::{Markup, painted};
use crate::ui::parts::slider::{Slider, Steps};
use crate::ui::workspace::Workspace;

#[component]
pub fn MapReduceEditor() -> impl IntoView {
    let workspace = Workspace::expect();
    let draft = workspace.draft;
    let n_documents = Memo::new(move |_| draft.with(|draft| draft.map_reduce.documents.len()));
    let add = move |()| workspace.edit(|draft| draft.map_reduce.add_document("", String::new()));
    view! {
        <Slider
            label="Fan-in"
            unit="results a reduce call"
            steps=Steps::Range(2, 16)
            value=workspace.number(|draft| Some(draft.map_reduce.fan_in))
            on_change=workspace.on_number(|draft, n| draft.map_reduce.fan_in = n.unwrap_or(2).min(1000))
        />
        <DialGroup
            heading="Combining"
            dials=&[
                Dial::Combine,
                Dial::Split,
                Dial::SplitTokens,
                Dial::ContextTokens,
                Dial::LongestFirst,
            ]
        />
        <p class="hint" use:painted=workspace.picture(ArmKind::MapReduce, preflight)></p>
        {move || {
            let drawn = n_documents.get().min(MOST_FIELDS);
            (0..drawn).map(|index| view! { <DocumentFields index /> }.into_any()).collect_view().into_any()
        }}
        {move || {
            let more = n_documents.get().saturating_sub(MOST_FIELDS);
            let words = format!("and {more} more documents, to be changed in the file");
            (more > 0).then(|| view! { <p class="hint">{words}</p> }).into_any()
        }}
        <div class="buttons">
            <Button text="Add a document" sign=Sign::Add on_click=add />
            <FileButton
                text="Add text files"
                accept=".txt,.md,text/plain"
                multiple=true
                on_choose=Callback::new(move |files| workspace.add_documents(files))
            />
        </div>
        <PromptEditor
            name="Map prompt"
            variables="{id} {document}"
            prompt=|draft| &draft.map_reduce.map_prompt
            prompt_mut=|draft| &mut draft.map_reduce.map_prompt
        />
        <PromptEditor
            name="Reduce prompt"
            variables="{results}"
            prompt=|draft| &draft.map_reduce.reduce_prompt
            prompt_mut=|draft| &mut draft.map_reduce.reduce_prompt
        />
        {move || {
            let refines = draft.with(|draft| draft.dials.count(Dial::Combine) == 2);
            refines.then(|| view! {
                <PromptEditor name="Refine prompt" variables="{results} {id} {document}"
                    prompt=|draft| &draft.map_reduce.refine_prompt
                    prompt_mut=|draft| &mut draft.map_reduce.refine_prompt />
            }).into_any()
        }}
    }
}

/// The page stays as quick as it is with more documents than anybody edits by hand.
const MOST_FIELDS: usize = 100;

/// What the reduce calls will have to hold, before anything is sent.
fn preflight(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let context_tokens = workspace.draft.with(|draft| draft.dials.get(Dial::ContextTokens));
    let sentence = workspace.checked.with(|(scenario, _)| {
        match (scenario.arm(kind).map(|arm| &**arm), context_tokens) {
            (Some(Pattern::MapReduce(map_reduce)), Some(tokens)) => {
                Some(words::preflight(&map_reduce.preflight(tokens)))
            }
            _ => None,
        }
    });
    sentence.map(Markup::Text).into_iter().collect()
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
    let write = move |field: fn(&mut DocumentDraft) -> &mut String| {
        Callback::new(move |text: String| {
            workspace.edit(|draft| {
                if let Some(document) = draft.map_reduce.documents.get_mut(index) {
                    *field(document) = text;
                }
            });
        })
    };
    let remove = move |()| {
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
                on_input=write(|document| &mut document.id)
            />
            <IconButton sign=Sign::Close name=format!("Remove document {}", index + 1) on_click=remove />
            <TextArea
                label="Text"
                rows=4
                value=read(|document| &document.text)
                on_input=write(|document| &mut document.text)
            />
        </div>
    }
}
