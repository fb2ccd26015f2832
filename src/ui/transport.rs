//! The bar at the bottom: play, step, scrub, and what happens at the instant that is shown.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::parts::button::{Button, IconButton};
use super::parts::icon::Sign;
use super::replay::Pace;
use super::workspace::Workspace;
use crate::analysis::words;
use crate::format::duration_us;

#[component]
pub fn Transport() -> impl IntoView {
    let workspace = Workspace::expect();
    let playing = workspace.playing;
    view! {
        <section class="transport" aria-label="Replay">
            <div class="transport-run" on:keydown=move |event| on_key(workspace, &event)>
                <IconButton sign=Sign::ToStart name="To the beginning" on_click=move |()| workspace.go_to(0) />
                <IconButton sign=Sign::StepBack name="One event back" on_click=move |()| workspace.step_back() />
                <IconButton
                    sign=Signal::derive(move || if playing.get() { Sign::Pause } else { Sign::Play })
                    name=Signal::derive(move || if playing.get() { "Pause" } else { "Play" }.to_string())
                    on_click=move |()| workspace.play_or_pause()
                />
                <IconButton sign=Sign::Step name="One event on" on_click=move |()| workspace.step() />
                <IconButton sign=Sign::ToEnd name="To the end" on_click=move |()| workspace.go_to(u64::MAX) />
                <Scrubber />
            </div>
            <PaceChoice />
            <Fork />
        </section>
    }
    .into_any()
}

#[component]
fn Scrubber() -> impl IntoView {
    let workspace = Workspace::expect();
    let at_us = move || workspace.playhead.get().unwrap_or_else(|| workspace.length_us.get());
    // The place moves with every frame; what is said of it, a few times a second.
    let told_us = Memo::new(move |_| match workspace.playing.get() {
        true => at_us() / TOLD_EVERY_US * TOLD_EVERY_US,
        false => at_us(),
    });
    let words = Memo::new(move |_| {
        told_us.track();
        words::moment(at_us(), untrack(|| workspace.census()))
    });
    let slide = move |text: String| {
        if let Ok(ms) = text.parse::<u64>() {
            workspace.go_to(ms * 1000);
        }
    };
    view! {
        <label class="scrubber">
            <span class="visually-hidden">"Instant"</span>
            <input
                type="range"
                min="0"
                max=move || workspace.length_us.get().div_ceil(1000).to_string()
                aria-valuetext=words
                prop:value=move || (at_us() / 1000).to_string()
                on:input:target=move |event| slide(event.target().value())
            />
        </label>
        <p class="moment">{words}</p>
    }
    .into_any()
}

const TOLD_EVERY_US: u64 = 500_000;

#[component]
fn PaceChoice() -> impl IntoView {
    let pace = Workspace::expect().pace;
    view! {
        <select
            class="pace"
            aria-label="Pace"
            on:change:target=move |event| {
                let chosen = Pace::ALL.get(event.target().selected_index() as usize);
                pace.set(chosen.map_or(Pace::Whole, |(pace, _)| *pace));
            }
        >
            {Pace::ALL.map(|(_, name)| view! { <option>{name}</option> }.into_any()).collect_view()}
        </select>
    }
    .into_any()
}

/// Where the run was changed on the way.
#[component]
fn Fork() -> impl IntoView {
    let workspace = Workspace::expect();
    move || {
        let past = workspace.past.get();
        (!past.is_empty())
            .then(|| {
                let instants: Vec<String> = past.iter().map(|past| duration_us(past.until_us)).collect();
                view! {
                    <p class="fork" role="status">
                        {format!("Changed at {}; what was before stays.", instants.join(", "))}
                        <Button
                            kind="quiet"
                            text="From the beginning"
                            on_click=move |()| workspace.undo_forks()
                        />
                    </p>
                }
            })
            .into_any()
    }
}

/// Keys of the buttons and the scrubber.
fn on_key(workspace: Workspace, event: &KeyboardEvent) {
    match event.key().as_str() {
        "ArrowRight" => workspace.step(),
        "ArrowLeft" => workspace.step_back(),
        "Home" => workspace.go_to(0),
        "End" => workspace.go_to(u64::MAX),
        "." => workspace.play_or_pause(),
        _ => return,
    }
    event.prevent_default();
}
