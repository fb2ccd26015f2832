//! The calls as a table: the same as the waterfall, in numbers and words.

use leptos::prelude::*;

use super::waterfall::not_there;
use crate::analysis::calls::{CallRow, Column, rows};
use crate::scenario::ArmKind;
use crate::ui::acts::{ACT, inspect};
use crate::ui::parts::painted::{Markup, element, painted};
use crate::ui::workspace::Workspace;

#[component]
pub fn List(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    view! { <div class="list" role="region" tabindex="0" aria-label=format!("{}: calls", kind.title()) use:painted=workspace.picture(kind, table)></div> }
        .into_any()
}

/// The page stays as quick as it is with more calls than anybody reads.
const MOST_ROWS: usize = 1000;

fn table(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let (by, falling) = workspace.sorted_by.get();
    let stories = workspace.stories(kind);
    let rows = workspace.shown[kind.index()].with(|shown| {
        let recording = &shown.as_ref()?.recording;
        Some(rows(recording, &stories, workspace.shown_price(), by, falling))
    });
    let Some(rows) = rows else { return not_there(workspace, kind).into_iter().collect() };
    let more = rows.len().saturating_sub(MOST_ROWS);
    let head = Column::ALL.into_iter().map(|column| heading(column, by, falling)).collect();
    let head = element("thead").children(vec![element("tr").children(head)]);
    let body = element("tbody").children(rows.iter().take(MOST_ROWS).map(|row| line(kind, row)).collect());
    let more = (more > 0).then(|| element("p").class("empty").text(format!("and {more} more calls")));
    [element("table").class("calls").children(vec![head, body])].into_iter().chain(more).collect()
}

fn heading(column: Column, by: Column, falling: bool) -> Markup {
    let sort = match (column == by, falling) {
        (false, _) => "none",
        (true, false) => "ascending",
        (true, true) => "descending",
    };
    let button = element("button").with(ACT, format!("sort {}", column as u32)).text(column.name());
    element("th").with("scope", "col").with("aria-sort", sort).children(vec![button])
}

fn line(kind: ArmKind, row: &CallRow) -> Markup {
    let button = element("button").with(ACT, inspect(kind, row.call)).text(row.text(Column::Call));
    let head = element("th").with("scope", "row").children(vec![button]);
    let cells = Column::ALL.into_iter().skip(1).map(|column| element("td").text(row.text(column)));
    element("tr").children([head].into_iter().chain(cells).collect())
}
