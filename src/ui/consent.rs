//! What a live run asks for and costs, and the question before one that may cost more than it seems.

use leptos::prelude::*;

use super::parts::button::Button;
use super::parts::dialog::DialogFrame;
use super::workspace::{Dialog, Mode, Workspace};

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

#[component]
pub fn ConsentDialog() -> impl IntoView {
    let workspace = Workspace::expect();
    let asked = move || {
        workspace
            .asked
            .get()
            .into_iter()
            .map(|sentence| view! { <p>{sentence}</p> }.into_any())
            .collect_view()
            .into_any()
    };
    view! {
        <DialogFrame title="Run live?" is=Dialog::Consent end="Cancel">
            {asked}
            <Button text="Run live" kind="primary" on_click=move |()| workspace.run_consented() />
        </DialogFrame>
    }
    .into_any()
}
