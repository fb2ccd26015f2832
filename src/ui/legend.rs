//! What the bars mean.

use leptos::prelude::*;

use super::parts::icon::{Icon, Sign};
use crate::timeline::rows::Look;

#[component]
pub fn Legend() -> impl IntoView {
    let key = |look: Look| {
        view! {
            <li>
                <span class="legend-sample"><span class="phase" data-phase=look.as_str()></span></span>
                {look.legend()}
            </li>
        }
    };
    view! {
        <ul class="legend" aria-label="Legend">
            {Look::ALL.map(key).collect_view()}
            <li><span class="mark" data-mark="done"><Icon sign=Sign::Check /></span>"done"</li>
        </ul>
    }
}
