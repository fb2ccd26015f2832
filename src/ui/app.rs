//! The page from top to bottom.

use leptos::prelude::*;

use super::arm::ArmRegion;
use super::consent::LiveForecast;
use super::controls::Controls;
use super::dialog::DialogFrame;
use super::header::Header;
use super::inspector::Inspector;
use super::layout::LayoutBar;
use super::legend::Legend;
use super::notices::Notices;
use super::stage::{self, EmbedBar, PresenterHint};
use super::transport::Transport;
use super::verdict::VerdictLine;
use super::workspace::Workspace;
use super::{acts, building, taking};
use crate::platform::document;
use crate::platform::location::FragmentListener;
use crate::scenario::ArmKind;

/// Puts the page into the document.
pub fn mount() {
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let view = stage::begin();
    let workspace = Workspace::empty();
    workspace.stage.set(view.stage);
    provide_context(workspace);
    stage::follow(workspace);
    workspace.begin();
    let listener = FragmentListener::start(move || workspace.open_fragment());
    // Kept as long as the page is.
    StoredValue::new_local(listener);
    move || {
        let opened = workspace.opened.get();
        opened
            .then(|| {
                building::begin(move || workspace.take_the_place_of_first());
                view! { <Page /> }
            })
            .into_any()
    }
}

impl Workspace {
    /// The page stands where the picture was that is there before the program.
    fn take_the_place_of_first(self) {
        self.hand_over_drawn();
        document::remove("#first");
    }
}

#[component]
fn Page() -> impl IntoView {
    let workspace = Workspace::expect();
    acts::listen(workspace);
    taking::listen(workspace);
    // In a frame of somebody's page a run is looked at, not made: no settings, no keys, nothing live.
    let embedded = workspace.is_embedded();
    let on_page = move |part: fn() -> AnyView| (!embedded).then(part).into_any();
    view! {
        {on_page(|| view! { <Header /> }.into_any())}
        <main data-run-state=move || workspace.run_state().to_string()>
            <Intro />
            <VerdictLine />
            <Notices />
            {on_page(|| view! { <Controls /> <LiveForecast /> }.into_any())}
            <LayoutBar />
            <div
                class="arms"
                data-layout=move || workspace.layout.get().as_str()
                data-moment=move || workspace.playhead.with(Option::is_some).to_string()
            >
                {ArmKind::ALL.map(|kind| view! { <ArmRegion kind /> }).collect_view()}
            </div>
            <Legend />
            <Transport />
            {embedded.then(|| view! { <EmbedBar /> }).into_any()}
        </main>
        <Inspector />
        {on_page(|| {
            view! {
                <DialogFrame />
                <PresenterHint />
            }
                .into_any()
        })}
    }
}

#[component]
fn Intro() -> impl IntoView {
    let draft = Workspace::expect().draft;
    view! {
        <div class="intro">
            <h1 dir="auto">{move || draft.with(|draft| draft.title.clone())}</h1>
            <p class="note" dir="auto">{move || draft.with(|draft| draft.note.clone())}</p>
            <button class="button button-quiet note-more" data-act="note">
                "Read all"
            </button>
        </div>
    }
}
