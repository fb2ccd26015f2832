//! A question before a live run that costs more than it seems.

use leptos::prelude::*;

use super::parts::button::Button;
use super::parts::dialog::DialogFrame;
use super::workspace::{Dialog, Workspace};

#[component]
pub fn ConsentDialog() -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <DialogFrame title="Run live with gather()?" is=Dialog::Consent end="Cancel">
            <p>
                "With gather() the caller goes on at the first failure. Calls that are under way then run on: they \
                 are sent, retried and billed, and nobody sees what they bring. “TaskGroup” or “fail fast” would \
                 cancel them."
            </p>
            <Button text="Run live" kind="primary" on_click=move |()| workspace.run_consented() />
        </DialogFrame>
    }
    .into_any()
}
