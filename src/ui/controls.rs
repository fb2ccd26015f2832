//! The settings of the scenario, and those that stand in the editors.

use leptos::prelude::*;

use super::parts::painted::{Picture, painted};
use super::workspace::Workspace;
use crate::picture::controls::controls;

#[component]
pub fn Controls() -> impl IntoView {
    let workspace = Workspace::expect();
    let picture = move |()| workspace.draft.with(|draft| controls(draft, workspace.simulates()));
    view! { <section class="controls" aria-label="Limits" use:painted=Picture::new(picture)></section> }
        .into_any()
}
