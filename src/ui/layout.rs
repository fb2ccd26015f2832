//! How the arms stand beside each other, and as what their calls are shown.

use leptos::prelude::*;

use super::parts::painted::{Picture, painted};
use super::workspace::Workspace;
use crate::analysis::calls::Column;
use crate::picture::layout::bar;
use crate::platform::media;
use crate::scenario::ArmKind;
use crate::timeline::lanes::is_dense;

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

/// In the order of the bar.
const LAYOUTS: [Layout; 5] = [
    Layout::Columns,
    Layout::Rows,
    Layout::Only(ArmKind::Sectioning),
    Layout::Only(ArmKind::Voting),
    Layout::Only(ArmKind::MapReduce),
];

const CALLS: [Calls; 2] = [Calls::Waterfall, Calls::List];

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
        LAYOUTS.get(i).iter().for_each(|layout| self.layout.set(**layout));
    }

    /// The arm that somebody chose to see alone; on a screen that has room for one only, the first is seen
    /// without anybody's choice.
    pub fn chosen_arm(self) -> Option<ArmKind> {
        match self.layout.get() {
            Layout::Only(kind) if Layout::Only(kind) != Layout::fitting() => Some(kind),
            _ => None,
        }
    }

    pub fn choose_calls(self, i: usize) {
        CALLS.get(i).iter().for_each(|calls| self.calls.set(**calls));
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
    let picture = move |()| {
        let layout = LAYOUTS.iter().position(|layout| *layout == workspace.layout.get());
        let calls = CALLS.iter().position(|calls| *calls == workspace.calls.get());
        let is_dense = ArmKind::ALL.iter().any(|kind| is_dense(&workspace.stories(*kind)));
        bar(layout.unwrap_or(0), calls.unwrap_or(0), is_dense)
    };
    view! { <div class="layout-bar" use:painted=Picture::new(picture)></div> }.into_any()
}
