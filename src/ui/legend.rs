//! What the bars mean.

use leptos::prelude::*;

use super::parts::painted::{Picture, painted};
use crate::picture::legend::keys;

#[component]
pub fn Legend() -> impl IntoView {
    view! { <ul class="legend" aria-label="Legend" use:painted=Picture::new(|()| keys())></ul> }.into_any()
}
