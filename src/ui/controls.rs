//! The sliders: limits of client and provider, votes, and what the simulated provider is like.

use leptos::prelude::*;

use super::parts::slider::{Slider, Steps};
use super::workspace::{Mode, Workspace};
use crate::providers::simulated::latency::Speed;
use crate::scenario::check::MOST_VOTES;
use crate::scenario::draft::{Admission, Draft};

const REQUESTS: &[u32] = &[10, 20, 30, 60, 120, 240, 500, 1000, 2000, 6000];
const TOKENS: &[u32] = &[5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 250_000, 500_000, 1_000_000];
const BURSTS: &[u32] = &[1, 2, 4, 8, 16, 32, 60, 120];

#[component]
pub fn Controls() -> impl IntoView {
    let workspace = Workspace::expect();
    let draft = workspace.draft;
    let read = move |field: fn(&Draft) -> Option<u32>| Signal::derive(move || draft.with(field));
    let live = move || workspace.mode.get() == Mode::Live;
    view! {
        <section class="controls" aria-label="Limits">
            <Slider
                label="Concurrency"
                unit="at once"
                steps=Steps::Range(1, 32)
                value=read(|d| Some(d.limits.concurrency))
                on_change=move |n| workspace.edit(|d| d.limits.concurrency = n.unwrap_or(1).clamp(1, 1000))
            />
            <Slider
                label="Requests per minute"
                steps=Steps::Stops { stops: REQUESTS, open_end: true }
                value=read(|d| d.limits.requests_per_minute)
                on_change=move |n| workspace.edit(|d| d.limits.requests_per_minute = n.filter(|n| *n > 0))
            />
            <Slider
                label="Votes"
                steps=Steps::Range(1, 31)
                value=read(|d| Some(d.voting.votes))
                on_change=move |n| workspace.edit(|d| d.voting.votes = n.unwrap_or(0).min(MOST_VOTES))
            />
            <Slider
                label="Attempts"
                steps=Steps::Range(1, 10)
                value=read(|d| Some(d.limits.attempts))
                on_change=move |n| workspace.edit(|d| d.limits.attempts = n.unwrap_or(1).clamp(1, 20))
            />
            <AdmissionChoice />
            <details class="more">
                <summary>"More"</summary>
                <div class="more-controls">
                    <Slider
                        label="Burst"
                        unit="at once"
                        steps=Steps::Stops { stops: BURSTS, open_end: false }
                        value=read(|d| Some(d.limits.burst))
                        on_change=move |n| workspace.edit(|d| d.limits.burst = n.unwrap_or(1).max(1))
                    />
                    <Slider
                        label="Tokens per minute"
                        steps=Steps::Stops { stops: TOKENS, open_end: true }
                        value=read(|d| d.limits.tokens_per_minute)
                        on_change=move |n| workspace.edit(|d| d.limits.tokens_per_minute = n.filter(|n| *n > 0))
                    />
                    <Show when=move || !live()>
                        <SimulationControls />
                    </Show>
                </div>
            </details>
        </section>
    }
}

#[component]
fn SimulationControls() -> impl IntoView {
    let workspace = Workspace::expect();
    let draft = workspace.draft;
    let percent = |share: f64| Some((share * 100.0).round() as u32);
    let share = |n: Option<u32>| f64::from(n.unwrap_or(0).min(100)) / 100.0;
    view! {
        <Slider
            label="Failing attempts"
            unit="%"
            steps=Steps::Range(0, 50)
            value=Signal::derive(move || draft.with(|d| Some(d.simulation.fault_percent)))
            on_change=move |n| workspace.edit(|d| d.simulation.fault_percent = n.unwrap_or(0).min(50))
        />
        <Slider
            label="A voter is right"
            unit="%"
            steps=Steps::Range(0, 100)
            value=Signal::derive(move || draft.with(|d| percent(d.simulation.difficulty)))
            on_change=move |n| workspace.edit(|d| d.simulation.difficulty = share(n))
        />
        <Slider
            label="Errors are shared"
            unit="%"
            steps=Steps::Range(0, 100)
            value=Signal::derive(move || draft.with(|d| percent(d.simulation.shared_error)))
            on_change=move |n| workspace.edit(|d| d.simulation.shared_error = share(n))
        />
        <label class="choice">
            <span>"Model speed"</span>
            <select
                prop:value=move || draft.with(|d| d.simulation.speed.as_str())
                on:change:target=move |event| {
                    let chosen = event.target().value();
                    if let Some(speed) = Speed::ALL.into_iter().find(|speed| speed.as_str() == chosen) {
                        workspace.edit(|d| d.simulation.speed = speed);
                    }
                }
            >
                {Speed::ALL
                    .map(|speed| view! { <option value=speed.as_str()>{speed.as_str()}</option> })
                    .collect_view()}
            </select>
        </label>
        <div class="choice">
            <span>"Seed"</span>
            <button class="button" on:click=move |_| workspace.edit(|d| d.seed = d.seed.wrapping_add(1))>
                {move || draft.with(|d| format!("{} · draw again", d.seed))}
            </button>
        </div>
    }
}

#[component]
fn AdmissionChoice() -> impl IntoView {
    let workspace = Workspace::expect();
    let name = |admission| match admission {
        Admission::SendAndRetry => "Send, retry when refused",
        Admission::AskFirst => "Ask the own limiter first",
    };
    view! {
        <label class="choice">
            <span>"At the rate limit"</span>
            <select
                prop:value=move || workspace.draft.with(|d| d.limits.admission.as_str())
                on:change:target=move |event| {
                    let chosen = event.target().value();
                    if let Some(choice) = Admission::ALL.into_iter().find(|choice| choice.as_str() == chosen) {
                        workspace.edit(|d| d.limits.admission = choice);
                    }
                }
            >
                {Admission::ALL
                    .map(|choice| view! { <option value=choice.as_str()>{name(choice)}</option> })
                    .collect_view()}
            </select>
        </label>
    }
}
