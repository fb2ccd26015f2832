//! One arm: its picture, its waterfall, its numbers, its outcome, its answers, its prompts.

pub mod answers;
pub mod fan;
pub mod kept;
pub mod lanes;
pub mod list;
pub mod metrics;
pub mod outcome;
pub mod waterfall;

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use self::answers::answers;
use self::fan::FanPicture;
use self::list::List;
use self::metrics::MetricList;
use self::outcome::OutcomePanel;
use self::waterfall::Waterfall;
use super::building;
use super::editor::Editor;
use super::layout::Calls;
use super::parts::painted::{Markup, button, element, painted};
use super::workspace::{Mode, Workspace};
use crate::analysis::words;
use crate::format::count;
use crate::picture::sign::{Sign, with_sign};
use crate::providers::settings::Choice;
use crate::scenario::ArmKind;

#[component]
pub fn ArmRegion(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <section
            class="arm"
            aria-label=kind.title()
            data-arm=kind.as_str()
            hidden=move || !workspace.layout.get().shows(kind)
            use:filled=kind
        ></section>
    }
    .into_any()
}

/// A directive: an arm has its parts once it is its turn.
fn filled(arm: Element, kind: ArmKind) {
    building::build(move || mount_to(arm.unchecked_into(), move || view! { <Parts kind /> }).forget());
}

#[component]
fn Parts(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
            <div class="arm-head" use:painted=workspace.picture(kind, head)></div>
            <div class="problems" role="alert" use:painted=workspace.picture(kind, problems)></div>
            <FanPicture kind />
            {move || match workspace.calls.get() {
                Calls::Waterfall => view! { <Waterfall kind /> }.into_any(),
                Calls::List => view! { <List kind /> }.into_any(),
            }}
            <MetricList kind />
            <OutcomePanel kind />
            <div class="answers" use:painted=workspace.picture(kind, answers)></div>
            <Editor kind />
    }
    .into_any()
}

/// What it is, and the button that runs it.
fn head(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let cannot_run =
        workspace.is_running() || workspace.checked.with(|(scenario, _)| scenario.arm(kind).is_none());
    let badge = match badge(workspace) {
        Some(name) => mark(name),
        // The button behind it stays the same, and keeps the focus.
        None => element("span").with("hidden", ""),
    };
    let run = button("button", format!("run-arm {}", kind.index()), "Run")
        .with("aria-label", format!("Run {}", kind.title()))
        .with("disabled", cannot_run.to_string());
    vec![
        element("h2").text(kind.title()),
        element("p").class("makeup").text(makeup(workspace, kind)),
        badge,
        with_sign(Sign::Play, run),
    ]
}

/// The mark of answers that no model gave.
pub fn mark(name: &'static str) -> Markup {
    element("span").class("badge").with("title", "Answers and times are simulated").text(name)
}

/// What stands beside answers that no model gave.
fn badge(workspace: Workspace) -> Option<&'static str> {
    match workspace.mode.get() {
        Mode::Simulated => Some("simulated"),
        Mode::Live => (workspace.answered_by.get() == Some(Choice::Practice)).then_some("practice"),
    }
}

/// How far the run is, or what the arm consists of.
fn makeup(workspace: Workspace, kind: ArmKind) -> String {
    if let Some((_, over, all)) = workspace.progress.get().filter(|(running, ..)| *running == kind) {
        return format!("{} of {} done", count(over.into()), count(all.into()));
    }
    let progress = workspace.shown[kind.index()].with(|shown| {
        let recording = &shown.as_ref()?.recording;
        let (over, all) = (recording.n_over(), recording.plan.len());
        (over < all).then(|| format!("{over} of {all} done"))
    });
    let plan = || workspace.checked.with(|(scenario, _)| Some(scenario.arm(kind)?.plan()));
    progress.or_else(|| Some(words::makeup(&plan()?))).unwrap_or_default()
}

/// What keeps the arm from running.
fn problems(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let unpriced = workspace.price().is_none();
    workspace.checked.with(|(scenario, problems)| {
        let mine = problems.iter().filter(|problem| problem.arm == Some(kind));
        let budget = (unpriced && scenario.budget_nano_usd.is_some())
            .then(|| words::budget_without_price(&workspace.model()));
        mine.map(|problem| problem.sentence.clone())
            .chain(budget)
            .map(|sentence| element("p").class("problem").text(sentence))
            .collect()
    })
}
