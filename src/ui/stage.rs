//! The surroundings of the arms: the page, a frame of somebody's page, an audience.

use leptos::prelude::*;

use super::layout::{Calls, Layout};
use super::workspace::Workspace;
use crate::platform::{location, media, root, storage};
use crate::scenario::view::{Stage, Theme, View, in_full, without_stage};

/// What hides the verdict from an audience as long as it is not set.
const REVEALED: &str = "data-revealed";
/// What makes the screen black.
const BLACK: &str = "data-black";

/// Sets up what an address says of the surroundings, before anything reads what is stored.
pub fn begin() -> View {
    let view = View::parse(&location::fragment(), &mut Vec::new());
    if view.stage == Stage::Embedded {
        storage::seal();
    }
    root::mark("data-theme", view.theme.map(Theme::as_str));
    root::mark("data-hide", Some(&view.hidden.join(" ")));
    view
}

/// Tells the style sheets of the surroundings, from now on.
pub fn follow(workspace: Workspace) {
    Effect::new(move || root::mark("data-mode", Some(workspace.stage.get().as_str())));
    for query in ["(prefers-color-scheme: dark)", "(forced-colors: active)"] {
        media::on_change(query, move || workspace.colours.set(()));
    }
    // The browser takes the Escape key for itself where the screen is full.
    let leaving = window_event_listener_untyped("fullscreenchange", move |_| {
        if !root::fills_screen() {
            workspace.leave_presentation();
        }
    });
    on_cleanup(move || leaving.remove());
}

impl Workspace {
    pub fn is_embedded(self) -> bool {
        self.stage.get_untracked() == Stage::Embedded
    }

    pub fn is_presented(self) -> bool {
        self.stage.get_untracked() == Stage::Presented
    }

    /// Shows the run from its beginning to an audience, on the whole screen where that can be.
    pub fn present(self) {
        self.begin_presentation();
        root::fill_screen();
    }

    pub fn leave_presentation(self) {
        if self.is_presented() {
            self.stage.set(Stage::Page);
            location::replace_fragment(&without_stage(&location::fragment()));
            root::mark(REVEALED, None);
            root::mark(BLACK, None);
            root::leave_full_screen();
        }
    }

    pub fn reveal_or_hide_verdict(self) {
        root::toggle(REVEALED);
    }

    pub fn blacken_or_light(self) {
        root::toggle(BLACK);
    }

    /// How the run is looked at now.
    pub fn view(self) -> View {
        View {
            as_list: self.calls.get() == Calls::List,
            arm: match self.layout.get() {
                Layout::Only(kind) => Some(kind),
                Layout::Columns | Layout::Rows => None,
            },
            at_ms: self.playhead.get().map(|us| us / 1000),
            call: self.inspected.get().map(|inspected| (inspected.kind, inspected.call)),
            ..View::default()
        }
    }

    /// Looks at the run as a link says.
    pub(super) fn look_as(self, view: &View) {
        if view.as_list {
            self.calls.set(Calls::List);
        }
        if let Some(kind) = view.arm {
            self.layout.set(Layout::Only(kind));
        }
        if view.stage == Stage::Presented {
            self.begin_presentation();
        }
        if let Some(ms) = view.at_ms {
            self.go_to(ms.saturating_mul(1000));
        }
        if let Some((kind, call)) = view.call {
            self.inspect(kind, call);
        }
    }

    fn begin_presentation(self) {
        self.dialog.set(None);
        self.stage.set(Stage::Presented);
        self.go_to(0);
    }
}

/// What stands around an embedded run: the way to the page itself.
#[component]
pub fn EmbedBar() -> impl IntoView {
    let address = location::with_fragment(&in_full(&location::fragment()));
    view! {
        <p class="embed-bar">
            <a href=address target="_blank" rel="noopener">"Open in full"</a>
        </p>
    }
    .into_any()
}

/// What a presenter sees for a moment: the keys.
#[component]
pub fn PresenterHint() -> impl IntoView {
    view! {
        <aside class="presenter" aria-label="Presentation">
            <p class="presenter-keys">
                <kbd>"Space"</kbd>
                " play · "
                <kbd>"→"</kbd>
                <kbd>"←"</kbd>
                " events · "
                <kbd>"1"</kbd>
                "–"
                <kbd>"3"</kbd>
                " one arm, "
                <kbd>"0"</kbd>
                " all · "
                <kbd>"V"</kbd>
                " verdict · "
                <kbd>"B"</kbd>
                " black · "
                <kbd>"Esc"</kbd>
                " leave"
            </p>
            <button class="button button-quiet" data-act="leave">
                "Leave"
            </button>
        </aside>
    }
    .into_any()
}
