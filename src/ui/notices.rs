//! Sentences under the title: what was opened, what went wrong.

use leptos::prelude::*;

use super::parts::button::{Button, IconButton};
use super::parts::icon::{Icon, Sign};
use super::workspace::Workspace;

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

    pub fn with_code(self, code: &'static str) -> Self {
        Notice { code: Some(code), ..self }
    }
}

#[component]
pub fn Notices() -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <div class="notices">
            {move || workspace.notices.get().into_iter().map(|notice| view! { <NoticeBar notice /> }.into_any()).collect_view().into_any()}
            {move || {
                workspace
                    .replaced
                    .with(Option::is_some)
                    .then(|| {
                        view! {
                            <div class="notice" role="status">
                                <p>"Your earlier work was put aside."</p>
                                <Button
                                    text="Back to my work"
                                    on_click=move |()| workspace.back_to_replaced_work()
                                />
                            </div>
                        }
                    })
                    .into_any()
            }}
        </div>
    }
    .into_any()
}

#[component]
fn NoticeBar(notice: Notice) -> impl IntoView {
    let workspace = Workspace::expect();
    let (role, sign) = match notice.tone {
        Tone::Status => ("status", Sign::Info),
        Tone::Error => ("alert", Sign::Warning),
    };
    let text = notice.text.clone();
    let close = move |()| workspace.notices.update(|all| all.retain(|other| other.text != text));
    view! {
        <div class="notice" role=role>
            <Icon sign />
            <p>
                {notice.text}
                {notice.code.map(|code| view! { <span class="notice-code">{code}</span> }).into_any()}
            </p>
            {notice
                .code
                .map(|_| {
                    view! {
                        <Button
                            text="Open the default scenario"
                            on_click=move |()| workspace.open_default()
                        />
                    }
                })}
            <IconButton sign=Sign::Close name="Close" on_click=close />
        </div>
    }
    .into_any()
}
