//! Prompts and inputs of an arm, edited in place.

use leptos::prelude::*;

use super::held::Held;
use super::parts::painted::{Markup, Picture, painted};
use super::trial;
use super::workspace::Workspace;
use crate::analysis::words;
use crate::engine::patterns::Pattern;
use crate::picture::editor::editor;
use crate::platform::document::is_open;
use crate::scenario::ArmKind;
use crate::scenario::dial::Dial;

#[component]
pub fn Editor(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    let opened = Held::new(false);
    // Drawn as long as it is open: most visitors never look at it.
    let picture = move |()| if opened.get() { fields(workspace, kind) } else { Vec::new() };
    view! {
        <details class="editor" on:toggle=move |event| opened.set(is_open(&event))>
            <summary>"Edit prompts and inputs"</summary>
            <div class="editor-fields" use:painted=Picture::new(picture)></div>
        </details>
    }
    .into_any()
}

fn fields(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let preflight = preflight(workspace, kind);
    let mut drawn = workspace.draft.with(|draft| editor(kind, draft, preflight));
    drawn.extend(trial::picture(workspace, kind));
    drawn
}

/// What the reduce calls will have to hold, before anything is sent.
fn preflight(workspace: Workspace, kind: ArmKind) -> Option<String> {
    let context_tokens = workspace.draft.with(|draft| draft.dials.get(Dial::ContextTokens))?;
    workspace.checked.with(|(scenario, _)| match &**scenario.arm(kind)? {
        Pattern::MapReduce(map_reduce) => Some(words::preflight(&map_reduce.preflight(context_tokens))),
        _ => None,
    })
}
