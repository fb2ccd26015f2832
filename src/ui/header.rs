//! The bar at the top: which scenario, who answers, run and stop.

use leptos::prelude::*;

use super::parts::icon::{Icon, Sign};
use super::workspace::{Dialog, Mode, Workspace};
use crate::scenario::ArmKind;
use crate::scenario::gallery::READY;

#[component]
pub fn Header() -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <header class="bar">
            <Brand />
            <ScenarioPicker />
            <div class="bar-files">
                <OpenFile />
                <button class="button" on:click=move |_| workspace.download_scenario()>"Download scenario"</button>
                <button class="button" on:click=move |_| workspace.dialog.set(Some(Dialog::Share))>"Share"</button>
                <button class="button" on:click=move |_| workspace.dialog.set(Some(Dialog::Settings))>
                    "Settings"
                </button>
            </div>
            <ModeChoice />
            <RunButtons />
        </header>
    }
}

#[component]
fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href="#/">
            <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M12 4v3M12 7C5 7 4 9 4 12m8-5v5m0-5c7 0 8 2 8 5M4 12c0 3 1 5 8 5m0-5v8m8-8c0 3-1 5-8 5" />
                <circle cx="12" cy="3" r="2" />
                <circle cx="4" cy="12" r="2" />
                <circle cx="12" cy="12" r="2" />
                <circle cx="20" cy="12" r="2" />
                <circle cx="12" cy="21" r="2" />
            </svg>
            "Fanout"
        </a>
    }
}

#[component]
fn ScenarioPicker() -> impl IntoView {
    let workspace = Workspace::expect();
    let open = move |name: String| {
        if let Some(ready) = READY.into_iter().find(|ready| ready.name == name) {
            workspace.open_ready(ready);
        }
    };
    view! {
        <select
            class="picker"
            aria-label="Ready scenarios"
            on:change:target=move |event| {
                open(event.target().value());
                // Back to the heading, so that the same one can be chosen again.
                event.target().set_selected_index(0);
            }
        >
            <option value="">"Scenarios…"</option>
            {READY.map(|ready| view! { <option value=ready.name>{ready.title}</option> }).collect_view()}
        </select>
    }
}

#[component]
fn OpenFile() -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <label class="button file-button">
            "Open file"
            <input
                type="file"
                class="visually-hidden"
                accept=".json,application/json"
                on:change:target=move |event| {
                    let input = event.target();
                    if let Some(file) = input.files().and_then(|files| files.get(0)) {
                        workspace.open_file(file);
                    }
                    // So that the same file can be opened again after a change.
                    input.set_value("");
                }
            />
        </label>
    }
}

#[component]
fn ModeChoice() -> impl IntoView {
    let workspace = Workspace::expect();
    let choice = move |mode: Mode, name: &'static str| {
        view! {
            <label>
                <input
                    type="radio"
                    name="run-mode"
                    prop:checked=move || workspace.mode.get() == mode
                    on:change=move |_| workspace.mode.set(mode)
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <div class="segments" role="radiogroup" aria-label="Run">
            {choice(Mode::Simulated, "Simulated")}
            {choice(Mode::Live, "Live")}
        </div>
    }
}

#[component]
fn RunButtons() -> impl IntoView {
    let workspace = Workspace::expect();
    let running = move || workspace.is_running();
    view! {
        <div class="bar-run">
            <button class="button" prop:disabled=move || !running() on:click=move |_| workspace.stop()>
                <Icon sign=Sign::Stop />
                "Stop"
            </button>
            <button
                class="button button-primary"
                prop:disabled=running
                on:click=move |_| workspace.run(&ArmKind::ALL)
            >
                <Icon sign=Sign::Play />
                "Run all"
            </button>
        </div>
    }
}
