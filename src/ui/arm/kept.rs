//! What the outcome kept of its inputs, once somebody wants to know.

use leptos::prelude::*;

use crate::analysis::retention::arm::kept;
use crate::analysis::retention::{Item, Retention, Share};
use crate::platform::document::is_open;
use crate::scenario::ArmKind;
use crate::ui::held::Held;
use crate::ui::parts::painted::{Markup, Picture, element, painted};
use crate::ui::workspace::Workspace;

#[component]
pub fn Kept(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    let open = Held::new(false);
    // To read every input again takes a while; nobody pays for what is folded away.
    let counted = Picture::new(move |()| if open.get() { retention(workspace, kind) } else { Vec::new() });
    view! {
        <details class="kept" data-kept="" on:toggle=move |event| open.set(is_open(&event))>
            <summary>"What it kept"</summary>
            <div use:painted=counted></div>
        </details>
    }
    .into_any()
}

fn retention(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let counted = workspace.checked.with(|(scenario, _)| {
        let pattern = scenario.arm(kind)?.clone();
        workspace.shown[kind.index()].with(|shown| kept(&pattern, &shown.as_ref()?.recording))
    });
    match counted {
        Some(retention) => lines(&retention),
        None => vec![element("p").class("hint").text("There is no outcome to compare.")],
    }
}

pub fn lines(retention: &Retention) -> Vec<Markup> {
    let Retention { key_points, numbers, names, invented, words_in, words_out, .. } = retention;
    let mut drawn = Vec::new();
    for (what, items) in [("Key points", key_points), ("Numbers", numbers), ("Names", names)] {
        if !items.is_empty() {
            drawn.push(line(what, share(Share::of(items))));
            drawn.extend(lost(items));
        }
    }
    drawn.push(line("Said by one input only", share(retention.said_by(1..=1))));
    drawn.push(line("Said by three or more", share(retention.said_by(3..=usize::MAX))));
    if !invented.is_empty() {
        drawn.push(line("Numbers no input has", invented.join(", ")));
    }
    drawn.push(line("Words", format!("{words_out} of {words_in}")));
    let limits = "Counted by words, so these are lower bounds: what is said in other words counts as lost.";
    drawn.push(element("p").class("hint").text(limits));
    drawn
}

fn line(what: &'static str, value: String) -> Markup {
    element("p")
        .class("kept-line")
        .children(vec![element("span").text(what), element("span").class("kept-value").text(value)])
}

fn share(share: Share) -> String {
    let Share { kept, of } = share;
    match share.interval() {
        None => "none".to_string(),
        Some((low, high)) => format!("{kept} of {of} kept ({}–{} % at 95 %)", low / 10, high.div_ceil(10)),
    }
}

/// The most items that are named.
const MOST_NAMED: usize = 12;

fn lost(items: &[Item]) -> Option<Markup> {
    let lost: Vec<&str> = items.iter().filter(|item| !item.kept).map(|item| item.text.as_str()).collect();
    let more = lost.len().saturating_sub(MOST_NAMED);
    let named = lost.iter().take(MOST_NAMED).map(|text| format!("“{text}”")).collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!lost.is_empty()).then(|| element("p").class("kept-lost").text(format!("Lost: {named}{more}")))
}
