//! One arm: its picture, its waterfall, its numbers, its outcome, its answers, its prompts.

pub mod answers;
pub mod fan;
pub mod metrics;
pub mod outcome;
pub mod waterfall;

use leptos::prelude::*;

use self::answers::Answers;
use self::fan::FanPicture;
use self::metrics::MetricList;
use self::outcome::OutcomePanel;
use self::waterfall::Waterfall;
use super::editor::Editor;
use super::parts::button::Button;
use super::parts::icon::Sign;
use super::workspace::{Mode, Workspace};
use crate::analysis::words;
use crate::scenario::ArmKind;

#[component]
pub fn ArmRegion(kind: ArmKind) -> impl IntoView {
    view! {
        <section class="arm" aria-label=kind.title() data-arm=kind.as_str()>
            <ArmHead kind />
            <Problems kind />
            <FanPicture kind />
            <Waterfall kind />
            <MetricList kind />
            <OutcomePanel kind />
            <Answers kind />
            <Editor kind />
        </section>
    }
}

#[component]
fn ArmHead(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    let makeup = move || {
        workspace.checked.with(|(scenario, _)| scenario.arm(kind).map(|arm| words::makeup(&arm.plan())))
    };
    let progress = move || {
        workspace.shown[kind.index()].with(|shown| {
            let recording = &shown.as_ref()?.recording;
            let (over, all) = (recording.n_over(), recording.plan.len());
            (over < all).then(|| format!("{over} of {all} done"))
        })
    };
    let cannot_run = move || workspace.is_running() || makeup().is_none();
    view! {
        <div class="arm-head">
            <h2>{kind.title()}</h2>
            <p class="makeup">{move || progress().or_else(makeup)}</p>
            {move || {
                (workspace.mode.get() == Mode::Simulated)
                    .then(|| view! { <span class="badge" title="Answers and times are simulated">"simulated"</span> })
            }}
            <Button
                text="Run"
                sign=Sign::Play
                name=format!("Run {}", kind.title())
                disabled=Signal::derive(cannot_run)
                on_click=move |()| workspace.run(&[kind])
            />
        </div>
    }
}

#[component]
fn Problems(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    let sentences = move || {
        workspace.checked.with(|(_, problems)| {
            let mine = problems.iter().filter(|problem| problem.arm == Some(kind));
            mine.map(|problem| problem.sentence.clone()).collect::<Vec<_>>()
        })
    };
    view! {
        <div class="problems" role="alert">
            {move || sentences().into_iter().map(|sentence| view! { <p class="problem">{sentence}</p> }).collect_view()}
        </div>
    }
}
