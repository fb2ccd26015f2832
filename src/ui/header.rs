//! The bar at the top: which scenario, who answers, run and stop.

use leptos::prelude::*;

use super::parts::button::{Button, FileButton};
use super::parts::icon::Sign;
use super::workspace::{Dialog, Mode, Workspace};
use crate::scenario::ArmKind;
use crate::scenario::gallery::READY;

#[component]
pub fn Header() -> impl IntoView {
    let workspace = Workspace::expect();
    // Where the bar is too narrow for them, what is needed less often folds away.
    let menu_open = RwSignal::new(false);
    view! {
        <header class="bar" data-menu=move || if menu_open.get() { "open" } else { "closed" }>
            <Brand />
            <ScenarioPicker />
            <button
                class="button bar-menu"
                aria-expanded=move || menu_open.get().to_string()
                on:click=move |_| menu_open.update(|open| *open = !*open)
            >
                "Menu"
            </button>
            <div class="bar-files">
                <FileButton
                    text="Open file"
                    accept=".json,application/json"
                    on_choose=Callback::new(move |files: Vec<_>| {
                        files.into_iter().take(1).for_each(|file| workspace.open_file(file));
                    })
                />
                <Button text="Download scenario" on_click=move |()| workspace.download_scenario() />
                <Button text="Runs" on_click=move |()| workspace.open_runs() />
                <Button text="Share" on_click=move |()| workspace.dialog.set(Some(Dialog::Share)) />
                <button class="button" data-act="present">
                    "Present"
                </button>
                <Button text="Settings" on_click=move |()| workspace.dialog.set(Some(Dialog::Settings)) />
                <Button text="Keys" kind="quiet" on_click=move |()| workspace.dialog.set(Some(Dialog::Keys)) />
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
            {READY.map(|ready| view! { <option value=ready.name>{ready.title}</option> }.into_any()).collect_view()}
        </select>
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
    view! {
        <div class="bar-run">
            <Button
                text="Stop"
                sign=Sign::Stop
                disabled=Signal::derive(move || !workspace.is_running())
                on_click=move |()| workspace.stop()
            />
            <Button
                text="Run all"
                kind="primary"
                sign=Sign::Play
                disabled=Signal::derive(move || workspace.is_running())
                on_click=move |()| workspace.run(&ArmKind::ALL)
            />
        </div>
    }
}
