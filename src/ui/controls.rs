//! The sliders: limits of client and provider, votes, and what the simulated provider is like.

use leptos::prelude::*;

use super::dials::{DialField, DialGroup};
use super::parts::button::Button;
use super::parts::field::Choice;
use super::parts::slider::{Slider, Steps};
use super::workspace::Workspace;
use crate::providers::simulated::latency::Speed;
use crate::scenario::check::MOST_VOTES;
use crate::scenario::dial::Dial;
use crate::scenario::draft::Admission;

const REQUESTS: &[u32] = &[10, 20, 30, 60, 120, 240, 500, 1000, 2000, 6000];
const TOKENS: &[u32] = &[5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 250_000, 500_000, 1_000_000];
const BURSTS: &[u32] = &[1, 2, 4, 8, 16, 32, 60, 120];

#[component]
pub fn Controls() -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <section class="controls" aria-label="Limits">
            <Slider
                label="Concurrency"
                unit="at once"
                steps=Steps::Range(1, 32)
                value=workspace.number(|d| Some(d.limits.concurrency))
                on_change=workspace.on_number(|d, n| d.limits.concurrency = n.unwrap_or(1).clamp(1, 1000))
            />
            <Slider
                label="Requests per minute"
                steps=Steps::Stops { stops: REQUESTS, open_end: true }
                value=workspace.number(|d| d.limits.requests_per_minute)
                on_change=workspace.on_number(|d, n| d.limits.requests_per_minute = n.filter(|n| *n != 0))
            />
            <Slider
                label="Votes"
                steps=Steps::Range(1, 31)
                value=workspace.number(|d| Some(d.voting.votes))
                on_change=workspace.on_number(|d, n| d.voting.votes = n.unwrap_or(0).min(MOST_VOTES))
            />
            <Slider
                label="Attempts"
                steps=Steps::Range(1, 10)
                value=workspace.number(|d| Some(d.limits.attempts))
                on_change=workspace.on_number(|d, n| d.limits.attempts = n.unwrap_or(1).clamp(1, 20))
            />
            <AdmissionChoice />
            <DialField dial=Dial::OnFailure />
            <DialField dial=Dial::FailureCount />
            <details class="more">
                <summary>"More"</summary>
                <div class="more-controls">
                    <Slider
                        label="Burst"
                        unit="at once"
                        steps=Steps::Stops { stops: BURSTS, open_end: false }
                        value=workspace.number(|d| Some(d.limits.burst))
                        on_change=workspace.on_number(|d, n| d.limits.burst = n.unwrap_or(1).max(1))
                    />
                    <Slider
                        label="Tokens per minute"
                        steps=Steps::Stops { stops: TOKENS, open_end: true }
                        value=workspace.number(|d| d.limits.tokens_per_minute)
                        on_change=workspace.on_number(|d, n| d.limits.tokens_per_minute = n.filter(|n| *n != 0))
                    />
                    {move || workspace.simulates().then(|| view! { <SimulationControls /> }).into_any()}
                </div>
                <div class="dial-groups">
                    <DialGroup heading="Order and memory" dials=&[Dial::Entry, Dial::EntrySize, Dial::Delivery] />
                    <DialGroup
                        heading="The limiter"
                        dials=&[
                            Dial::Limiters,
                            Dial::AfterPause,
                            Dial::Budget,
                            Dial::Adaptive,
                            Dial::RollingMinute,
                        ]
                    />
                    <DialGroup
                        heading="Retries"
                        dials=&[
                            Dial::Refusals,
                            Dial::BackoffBase,
                            Dial::BackoffCap,
                            Dial::Jitter,
                            Dial::RetryBudget,
                        ]
                    />
                    <DialGroup
                        heading="Time-outs"
                        dials=&[
                            Dial::AttemptTimeout,
                            Dial::FirstTokenTimeout,
                            Dial::IdleTimeout,
                            Dial::QueueTimeout,
                            Dial::CallTimeout,
                            Dial::RunTimeout,
                        ]
                    />
                    <DialGroup heading="To compare" dials=&[Dial::Single, Dial::CleanUp] />
                </div>
            </details>
        </section>
    }
    .into_any()
}

/// A share between 0 and 1 in percent, and back.
fn percent(share: f64) -> Option<u32> {
    Some((share * 100.0).round() as u32)
}

fn share(percent: Option<u32>) -> f64 {
    f64::from(percent.unwrap_or(0).min(100)) / 100.0
}

#[component]
fn SimulationControls() -> impl IntoView {
    let workspace = Workspace::expect();
    let draft = workspace.draft;
    let speeds = Speed::ALL.map(|speed| (speed.as_str().to_string(), speed.as_str().to_string()));
    view! {
        <Slider
            label="Failing attempts"
            unit="%"
            steps=Steps::Range(0, 50)
            value=workspace.number(|d| Some(d.simulation.fault_percent))
            on_change=workspace.on_number(|d, n| d.simulation.fault_percent = n.unwrap_or(0).min(50))
        />
        <Slider
            label="A voter is right"
            unit="%"
            steps=Steps::Range(0, 100)
            value=workspace.number(|d| percent(d.simulation.difficulty))
            on_change=workspace.on_number(|d, n| d.simulation.difficulty = share(n))
        />
        <Slider
            label="Errors are shared"
            unit="%"
            steps=Steps::Range(0, 100)
            value=workspace.number(|d| percent(d.simulation.shared_error))
            on_change=workspace.on_number(|d, n| d.simulation.shared_error = share(n))
        />
        <Choice
            label="Model speed"
            options=speeds.to_vec()
            chosen=workspace.text(|d| d.simulation.speed.as_str().to_string())
            on_choose=workspace.on_text(|d, chosen| {
                let speed = Speed::ALL.into_iter().find(|speed| speed.as_str() == chosen);
                d.simulation.speed = speed.unwrap_or(d.simulation.speed);
            })
        />
        <div class="choice">
            <span>"Seed"</span>
            <Button
                text=Signal::derive(move || draft.with(|d| format!("{}, draw again", d.seed)))
                on_click=move |()| workspace.edit(|d| d.seed = d.seed.wrapping_add(1))
            />
        </div>
    }
    .into_any()
}

#[component]
fn AdmissionChoice() -> impl IntoView {
    let workspace = Workspace::expect();
    let name = |admission| match admission {
        Admission::SendAndRetry => "Send, retry if refused",
        Admission::AskFirst => "Ask the own limiter first",
    };
    let choices = Admission::ALL.map(|choice| (choice.as_str().to_string(), name(choice).to_string()));
    view! {
        <Choice
            label="At the rate limit"
            options=choices.to_vec()
            chosen=workspace.text(|d| d.limits.admission.as_str().to_string())
            on_choose=workspace.on_text(|d, chosen| {
                let admission = Admission::ALL.into_iter().find(|choice| choice.as_str() == chosen);
                d.limits.admission = admission.unwrap_or(d.limits.admission);
            })
        />
    }
}
