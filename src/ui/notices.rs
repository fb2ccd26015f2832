//! Sentences under the title: what was opened, what went wrong.

use leptos::prelude::*;

use super::held::Held;
use super::parts::painted::{Markup, Picture, button, element, painted};
use super::workspace::Workspace;
use crate::picture::sign::{Sign, drawn, icon};

#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub text: String,
    pub tone: Tone,
    pub code: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Status,
    Error,
}

impl Notice {
    pub fn status(text: String) -> Self {
        Notice { text, tone: Tone::Status, code: None }
    }

    pub fn error(text: String) -> Self {
        Notice { text, tone: Tone::Error, code: None }
    }

    /// Says it once, however often there is cause to.
    pub fn add_to(self, notices: Held<Vec<Notice>>) {
        notices.update(|notices| {
            notices.retain(|other| other.text != self.text);
            notices.push(self);
        });
    }

    pub fn with_code(self, code: &'static str) -> Self {
        Notice { code: Some(code), ..self }
    }
}

#[component]
pub fn Notices() -> impl IntoView {
    let workspace = Workspace::expect();
    view! { <div class="notices" use:painted=Picture::new(move |()| bars(workspace))></div> }.into_any()
}

fn bars(workspace: Workspace) -> Vec<Markup> {
    let mut drawn: Vec<Markup> = workspace
        .notices
        .with(|notices| notices.iter().enumerate().map(|(i, notice)| bar(i, notice)).collect());
    if workspace.replaced.with(|replaced| !replaced.is_empty()) {
        drawn.push(element("div").class("notice").with("role", "status").children(vec![
            element("p").text("Your earlier work was put aside."),
            button("button", "back-to-work", "Back to my work"),
        ]));
    }
    drawn
}

fn bar(i: usize, notice: &Notice) -> Markup {
    let (role, sign) = match notice.tone {
        Tone::Status => ("status", Sign::Info),
        Tone::Error => ("alert", Sign::Warning),
    };
    let code = notice.code.map(|code| element("span").class("notice-code").text(code));
    let text = element("p").text(&notice.text).children(code.into_iter().collect());
    let way_out = notice.code.map(|_| button("button", "open-default", "Open the default scenario"));
    let close = icon(format!("dismiss {i}"), "Close", Sign::Close);
    let parts = [drawn(sign), text].into_iter().chain(way_out).chain([close]).collect();
    element("div").class("notice").with("role", role).children(parts)
}
