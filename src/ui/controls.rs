//! The settings of the scenario, and those that stand in the editors.

use leptos::prelude::*;

use super::parts::painted::painted;
use super::workspace::Workspace;
use crate::picture::controls::controls;

#[component]
pub fn Controls() -> impl IntoView {
    let workspace = Workspace::expect();
    let picture = move || workspace.draft.with(|draft| controls(draft, workspace.simulates()));
    view! { <section class="controls" aria-label="Limits" use:painted=Signal::derive(picture)></section> }
        .into_any()
}
