//! What a live run asks for and costs, and the question before one that may cost more than it seems.

use leptos::prelude::*;

use super::parts::painted::{Markup, button, element};
use super::workspace::{Mode, Workspace};

/// What all arms together would ask for, as long as live is chosen.
#[component]
pub fn LiveForecast() -> impl IntoView {
    let workspace = Workspace::expect();
    let told = Memo::new(move |_| match workspace.mode.get() {
        Mode::Simulated => Vec::new(),
        // Very long runs are only looked ahead at when they are about to begin.
        Mode::Live if workspace.takes_long() => Vec::new(),
        Mode::Live => workspace.told_forecast(),
    });
    move || {
        let told = told.get();
        (!told.is_empty())
            .then(|| view! { <p class="forecast" data-forecast="">{told.join(" ")}</p> })
            .into_any()
    }
}

/// The question.
pub fn contents(workspace: Workspace) -> Vec<Markup> {
    let asked = workspace.asked.get().into_iter().map(|sentence| element("p").text(sentence));
    asked.chain([button("button button-primary", "run-live", "Run live")]).collect()
}
