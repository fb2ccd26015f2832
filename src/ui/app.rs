//! The page from top to bottom.

use leptos::prelude::*;

use super::acts;
use super::arm::ArmRegion;
use super::consent::{ConsentDialog, LiveForecast};
use super::controls::Controls;
use super::header::Header;
use super::inspector::Inspector;
use super::layout::LayoutBar;
use super::legend::Legend;
use super::notices::Notices;
use super::runs::RunsDialog;
use super::settings::SettingsDialog;
use super::share::ShareDialog;
use super::sheet::KeySheet;
use super::transport::Transport;
use super::verdict::VerdictLine;
use super::workspace::Workspace;
use crate::platform::document;
use crate::platform::location::FragmentListener;
use crate::scenario::ArmKind;

/// Puts the page into the document.
pub fn mount() {
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let workspace = Workspace::empty();
    provide_context(workspace);
    workspace.begin();
    let listener = FragmentListener::start(move || workspace.open_fragment());
    // Kept as long as the page is.
    StoredValue::new_local(listener);
    move || {
        let opened = workspace.opened.get();
        opened
            .then(|| {
                document::remove("#first");
                view! { <Page /> }
            })
            .into_any()
    }
}

#[component]
fn Page() -> impl IntoView {
    let workspace = Workspace::expect();
    acts::listen(workspace);
    view! {
        <Header />
        <main data-run-state=move || workspace.run_state().to_string()>
            <Intro />
            <VerdictLine />
            <Notices />
            <Controls />
            <LiveForecast />
            <LayoutBar />
            <div class="arms" data-layout=move || workspace.layout.get().as_str()>
                {ArmKind::ALL.map(|kind| view! { <ArmRegion kind /> }).collect_view()}
            </div>
            <Legend />
            <Transport />
        </main>
        <Inspector />
        <SettingsDialog />
        <ShareDialog />
        <RunsDialog />
        <KeySheet />
        <ConsentDialog />
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
