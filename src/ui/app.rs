//! The page from top to bottom.

use leptos::prelude::*;

use super::arm::ArmRegion;
use super::controls::Controls;
use super::header::Header;
use super::legend::Legend;
use super::notices::Notices;
use super::opening::first_draft;
use super::settings::SettingsDialog;
use super::share::ShareDialog;
use super::workspace::Workspace;
use crate::platform::location::FragmentListener;
use crate::scenario::ArmKind;

#[component]
pub fn App() -> impl IntoView {
    let workspace = Workspace::new(first_draft());
    provide_context(workspace);
    workspace.open_fragment();
    let listener = FragmentListener::start(move || workspace.open_fragment());
    // Kept as long as the page is.
    StoredValue::new_local(listener);
    view! {
        <Header />
        <main data-run-state=move || workspace.run_state()>
            <Intro />
            <Notices />
            <Controls />
            <div class="arms">
                {ArmKind::ALL.map(|kind| view! { <ArmRegion kind /> }).collect_view()}
            </div>
            <Legend />
        </main>
        <SettingsDialog />
        <ShareDialog />
    }
}

#[component]
fn Intro() -> impl IntoView {
    let draft = Workspace::expect().draft;
    view! {
        <div class="intro">
            <h1>{move || draft.with(|draft| draft.title.clone())}</h1>
            <p class="note">{move || draft.with(|draft| draft.note.clone())}</p>
        </div>
    }
}
