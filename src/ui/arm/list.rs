//! The calls as a table: the same as the waterfall, in numbers and words.

use leptos::prelude::*;

use super::waterfall::not_there;
use crate::analysis::calls::{CallRow, Column, rows};
use crate::format::count;
use crate::scenario::ArmKind;
use crate::ui::acts::{ACT, inspect};
use crate::ui::parts::painted::{Markup, button, element, painted};
use crate::ui::workspace::Workspace;

#[component]
pub fn List(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    view! { <div class="list" role="region" tabindex="0" aria-label=format!("{}: calls", kind.title()) use:painted=workspace.picture(kind, table)></div> }
        .into_any()
}

/// So many calls are on a page of the list: more make the browser slow.
const PAGE: usize = 100;

fn table(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let (by, falling) = workspace.sorted_by.get();
    let stories = workspace.stories(kind);
    let rows = workspace.shown[kind.index()].with(|shown| {
        let recording = &shown.as_ref()?.recording;
        Some(rows(recording, &stories, workspace.shown_price(), by, falling))
    });
    let Some(rows) = rows else { return not_there(workspace, kind).into_iter().collect() };
    let n_calls = rows.len();
    let first = workspace.list_page.get().min(n_calls.saturating_sub(1) / PAGE) * PAGE;
    let page = rows.into_iter().skip(first).take(PAGE);
    let head = Column::ALL.into_iter().map(|column| heading(column, by, falling)).collect();
    let head = element("thead").children(vec![element("tr").children(head)]);
    let body = element("tbody").children(page.map(|row| line(kind, &row)).collect());
    let pages = (n_calls > PAGE).then(|| pages(first, n_calls));
    pages.into_iter().chain([element("table").class("calls").children(vec![head, body])]).collect()
}

/// Which calls these are, and the way to the others.
fn pages(first: usize, n_calls: usize) -> Markup {
    let page = first / PAGE;
    let turn = |to: Option<usize>, text| {
        let turn = button("button button-quiet", format!("page {}", to.unwrap_or(page)), text);
        if to.is_none() { turn.with("disabled", "") } else { turn }
    };
    let last = (first + PAGE).min(n_calls);
    element("p").class("list-pages").children(vec![
        turn(page.checked_sub(1), "Earlier"),
        Markup::Text(format!(
            "{} to {} of {} calls",
            count(first as u64 + 1),
            count(last as u64),
            count(n_calls as u64)
        )),
        turn((last < n_calls).then_some(page + 1), "Later"),
    ])
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
