//! Signs of 16 by 16, in the colour of the text around them.

use super::markup::{ACT, Markup, element};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Play,
    Pause,
    Stop,
    ToStart,
    StepBack,
    Step,
    ToEnd,
    Info,
    Warning,
    Close,
    Check,
    Cross,
    Barred,
    Edit,
    Add,
    Undo,
    Redo,
}

impl Sign {
    pub fn path(self) -> &'static str {
        match self {
            Sign::Play => "M4 2.5v11l9-5.5z",
            Sign::Pause => "M4 3h3v10H4zM9 3h3v10H9z",
            Sign::ToStart => "M3 3h2v10H3zM13 3v10L6 8z",
            Sign::StepBack => "M11 3v10L4 8zM12 3h1v10h-1z",
            Sign::Step => "M5 3v10l7-5zM3 3h1v10H3z",
            Sign::ToEnd => "M11 3h2v10h-2zM3 3v10l7-5z",
            Sign::Stop => "M3.5 3.5h9v9h-9z",
            Sign::Info => "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M8 7v4.5M8 4.3v.9",
            Sign::Warning => "M8 2 15 14H1zM8 6.5v3.5M8 11.6v.8",
            Sign::Close | Sign::Cross => "m3.5 3.5 9 9m0-9-9 9",
            Sign::Check => "m3 8.5 3.2 3.5L13 4.5",
            Sign::Barred => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M4 4l8 8",
            Sign::Edit => "M3 13h2.5L13 5.5 10.5 3 3 10.5zM9 4.5 11.5 7",
            Sign::Undo => "M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7",
            Sign::Redo => "m10 3 3.5 3.5L10 10M13.5 6.5H6a3.5 3.5 0 0 0 0 7h3",
            Sign::Add => "M8 3v10M3 8h10",
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            Sign::Play
            | Sign::Pause
            | Sign::Stop
            | Sign::ToStart
            | Sign::StepBack
            | Sign::Step
            | Sign::ToEnd => "icon icon-filled",
            _ => "icon",
        }
    }
}

/// A sign as part of a picture.
pub fn drawn(sign: Sign) -> Markup {
    element("svg")
        .class(sign.class())
        .with("viewBox", "0 0 16 16")
        .with("aria-hidden", "true")
        .children(vec![element("path").with("d", sign.path())])
}

/// A button of a sign alone; `name` is what it is called.
pub fn icon(act: impl Into<String>, name: impl Into<String>, sign: Sign) -> Markup {
    element("button").class("icon-button").with("aria-label", name).with(ACT, act).children(vec![drawn(sign)])
}

/// A sign before the words of a button.
pub fn with_sign(sign: Sign, button: Markup) -> Markup {
    match button {
        Markup::Element { tag, attributes, mut children } => {
            children.insert(0, drawn(sign));
            Markup::Element { tag, attributes, children }
        }
        text => text,
    }
}
