//! What the bars mean.

use leptos::prelude::*;

use super::parts::icon::{Sign, drawn};
use super::parts::painted::{Markup, Picture, element, painted};
use crate::timeline::rows::Look;

#[component]
pub fn Legend() -> impl IntoView {
    view! { <ul class="legend" aria-label="Legend" use:painted=Picture::new(|()| keys())></ul> }.into_any()
}

fn keys() -> Vec<Markup> {
    let key = |look: Look| {
        let bar = element("span").class("phase").with("data-phase", look.as_str());
        let sample = element("span").class("legend-sample").children(vec![bar]);
        element("li").children(vec![sample, Markup::Text(look.legend().to_string())])
    };
    let done = element("span").class("mark").with("data-mark", "done").children(vec![drawn(Sign::Check)]);
    let done = element("li").children(vec![done, Markup::Text("done".to_string())]);
    Look::ALL.into_iter().map(key).chain([done]).collect()
}
