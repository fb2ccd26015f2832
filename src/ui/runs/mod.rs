//! The runs of this browser: a list of them, the comparison of those that are pinned, downloads.

mod compared;
mod keeping;

use leptos::prelude::*;

use self::compared::compared;
use super::acts::TAKES;
use super::parts::dialog::DialogFrame;
use super::parts::painted::{Markup, Picture, button, element, hint, painted};
use super::workspace::{Dialog, Mode, Workspace};
use crate::analysis::measure::{Figures, MEASURES};
use crate::platform::clock;
use crate::runs::history::{History, Removed};
use crate::runs::kept::Kept;
use crate::scenario::ArmKind;

/// What the page knows of runs.
#[derive(Clone, Default)]
pub struct Runs {
    pub history: History,
    /// What the arms came to before the last gesture or run, and in which mode that was.
    pub before: Option<(Mode, [Option<Figures>; 3])>,
    /// The run that was deleted last, to be put back.
    removed: Option<Removed>,
    /// What came of the last thing somebody did here.
    said: String,
    /// Why runs are in memory only; none where they are stored.
    not_stored: Option<&'static str>,
    /// Whether that was said outside of the dialog.
    is_told: bool,
}

#[component]
pub fn RunsDialog() -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <DialogFrame title="Runs" is=Dialog::Runs>
            <div class="runs" use:painted=Picture::new(move |()| picture(workspace))></div>
        </DialogFrame>
    }
    .into_any()
}

fn picture(workspace: Workspace) -> Vec<Markup> {
    if workspace.dialog.get() != Some(Dialog::Runs) {
        return Vec::new();
    }
    workspace.runs.with(|runs| {
        let Runs { history, removed, said, not_stored, .. } = runs;
        let buttons = vec![
            button("button", "keep", "Keep this run"),
            button("button", "download-run", "Download run"),
            button("button", "download-trace", "Download trace"),
        ];
        let mut status = vec![Markup::Text(said.clone())];
        if removed.is_some() {
            status.push(button("button button-quiet", "undo", "Undo"));
        }
        let mut drawn = vec![
            element("div").class("buttons").children(buttons),
            element("p").with("role", "status").children(status),
        ];
        drawn.extend(not_stored.map(|why| element("p").class("problem").text(why)));
        if history.runs.is_empty() {
            drawn.push(hint(
                "No run is kept yet. “Run all” keeps one, and so does “Keep this run”, with the scenario, \
                 the seed and the numbers. Then change something, keep another one, pin both, and compare.",
            ));
            return drawn;
        }
        let mut rows = Vec::new();
        for (i, run) in history.runs.iter().enumerate() {
            rows.push(row(i, run, history));
        }
        drawn.push(element("ul").class("kept-runs").children(rows));
        drawn.extend(compared(history));
        drawn
    })
}

fn row(i: usize, run: &Kept, history: &History) -> Markup {
    let is_pinned = history.pinned.contains(&run.at_ms);
    let act = |class: &'static str, act: &str, text: &'static str| {
        button(class, format!("{act} {i}"), text).with("aria-label", format!("{text}: {}", run.name))
    };
    let name = element("input")
        .class("run-name")
        .with("value", run.name.clone())
        .with("aria-label", "Name")
        .with("dir", "auto")
        .with("maxlength", "120")
        .with(TAKES, i.to_string());
    let lasts = if run.is_stored() { "" } else { " · large: until this page is closed" };
    let facts = format!("{} · {}{lasts}", clock::date(run.at_ms), run.answered.words());
    let mut told = vec![element("span").text(facts)];
    for (kind, arm) in ArmKind::ALL.iter().zip(&run.arms) {
        if let Some(arm) = arm {
            let makespan = MEASURES[0].text(arm.figures[0]);
            told.push(element("span").text(format!("{} {makespan}", kind.title())));
        }
    }
    element("li").children(vec![
        act("button", "pin", if is_pinned { "Pinned" } else { "Pin" })
            .with("aria-pressed", is_pinned.to_string()),
        element("div").children(vec![name, element("p").class("hint").children(told)]),
        act("button", "back", "Back to this run"),
        act("button button-quiet", "delete", "Delete"),
    ])
}
