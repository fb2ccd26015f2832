//! How the arms stand beside each other, and as what their calls are shown.

use leptos::prelude::*;

use super::acts::ACT;
use super::parts::painted::{Markup, Picture, element, painted};
use super::workspace::Workspace;
use crate::analysis::calls::Column;
use crate::platform::media;
use crate::scenario::ArmKind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Columns,
    Rows,
    Only(ArmKind),
}

/// As what the calls of an arm are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    Waterfall,
    List,
}

const LAYOUTS: [(Layout, &str); 5] = [
    (Layout::Columns, "Columns"),
    (Layout::Rows, "Rows"),
    (Layout::Only(ArmKind::Sectioning), "Sectioning"),
    (Layout::Only(ArmKind::Voting), "Voting"),
    (Layout::Only(ArmKind::MapReduce), "Map-reduce"),
];

const CALLS: [(Calls, &str); 2] = [(Calls::Waterfall, "Waterfall"), (Calls::List, "List")];

impl Layout {
    /// Where there is room for one arm, one.
    pub fn fitting() -> Layout {
        match media::matches("(max-width: 40rem)") {
            true => Layout::Only(ArmKind::Sectioning),
            false => Layout::Columns,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Layout::Columns => "columns",
            Layout::Rows => "rows",
            Layout::Only(_) => "only",
        }
    }

    pub fn shows(self, kind: ArmKind) -> bool {
        !matches!(self, Layout::Only(only) if only != kind)
    }
}

impl Workspace {
    pub fn choose_layout(self, i: usize) {
        LAYOUTS.get(i).iter().for_each(|(layout, _)| self.layout.set(*layout));
    }

    pub fn choose_calls(self, i: usize) {
        CALLS.get(i).iter().for_each(|(calls, _)| self.calls.set(*calls));
    }

    pub fn waterfall_or_list(self) {
        self.choose_calls(usize::from(self.calls.get_untracked() == Calls::Waterfall));
    }

    /// Sorts every list by a column, and the other way where it was.
    pub fn sort_by(self, i: usize) {
        let Some(column) = Column::ALL.get(i).copied() else { return };
        self.sorted_by.update(|(by, falling)| {
            *falling = *by == column && !*falling;
            *by = column;
        });
        self.list_page.set(0);
    }
}

#[component]
pub fn LayoutBar() -> impl IntoView {
    let workspace = Workspace::expect();
    view! { <div class="layout-bar" use:painted=Picture::new(move |()| choices(workspace))></div> }.into_any()
}

fn choices(workspace: Workspace) -> Vec<Markup> {
    let (layout, calls) = (workspace.layout.get(), workspace.calls.get());
    let layouts = LAYOUTS.iter().map(|(choice, name)| (*name, *choice == layout)).collect();
    let calls = CALLS.iter().map(|(choice, name)| (*name, *choice == calls)).collect();
    vec![group("Arms", "layout", layouts), group("Calls as", "calls", calls), zoom()]
}

fn zoom() -> Markup {
    let buttons =
        [("zoom-out", "Zoom out", "−"), ("zoom-in", "Zoom in", "+"), ("zoom-whole", "Whole time", "Whole")];
    let button = |(act, name, text)| element("button").with(ACT, act).with("aria-label", name).text(text);
    let buttons = buttons.into_iter().map(button).collect();
    element("div").class("segments").with("role", "group").with("aria-label", "Time").children(buttons)
}

pub(super) fn group(name: &'static str, act: &str, choices: Vec<(&'static str, bool)>) -> Markup {
    let button = |(i, (name, pressed)): (usize, (&'static str, bool))| {
        element("button").with(ACT, format!("{act} {i}")).with("aria-pressed", pressed.to_string()).text(name)
    };
    let buttons = choices.into_iter().enumerate().map(button).collect();
    element("div").class("segments").with("role", "group").with("aria-label", name).children(buttons)
}
