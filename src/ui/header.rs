//! The bar at the top: which scenario, who answers, run and stop.

use leptos::prelude::*;

use super::parts::painted::{Picture, painted};
use super::workspace::{Mode, Workspace};
use crate::picture::header::{Bar, header};

#[component]
pub fn Header() -> impl IntoView {
    let workspace = Workspace::expect();
    let bar = move || Bar {
        is_open: workspace.menu.get(),
        is_live: workspace.mode.get() == Mode::Live,
        is_running: workspace.is_running(),
        reach: workspace.reach.get(),
    };
    view! {
        <header
            class="bar"
            data-menu=move || if workspace.menu.get() { "open" } else { "closed" }
            use:painted=Picture::new(move |()| header(bar()))
        ></header>
    }
    .into_any()
}
