//! Signs among words.

use leptos::prelude::*;

pub use crate::picture::sign::{Sign, drawn};

#[component]
pub fn Icon(#[prop(into)] sign: Signal<Sign>) -> impl IntoView {
    view! {
        <svg class=move || sign.get().class() viewBox="0 0 16 16" aria-hidden="true">
            <path d=move || sign.get().path() />
        </svg>
    }
    .into_any()
}
