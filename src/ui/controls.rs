//! The settings of the scenario, and those that stand in the editors.

use leptos::prelude::*;

use super::held::Held;
use super::parts::painted::{Picture, painted};
use super::workspace::Workspace;
use crate::picture::controls::controls;
use crate::platform::document::is_open;

#[component]
pub fn Controls() -> impl IntoView {
    let workspace = Workspace::expect();
    let unfolded = Held::new(false);
    // What is behind “More” is drawn as long as it is open: browsers that fill in forms lay out every
    // field there is, hidden or not.
    let picture =
        move |()| workspace.draft.with(|draft| controls(draft, workspace.simulates(), unfolded.get()));
    view! {
        <section
            class="controls"
            aria-label="Limits"
            on:toggle:capture=move |event| unfolded.set(is_open(&event))
            use:painted=Picture::new(picture)
        ></section>
    }
    .into_any()
}
