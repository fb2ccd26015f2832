//! What the bars mean.

use leptos::prelude::*;

use super::parts::painted::painted;
use crate::picture::legend::keys;

#[component]
pub fn Legend() -> impl IntoView {
    view! { <ul class="legend" aria-label="Legend" use:painted=Signal::derive(keys)></ul> }.into_any()
}
