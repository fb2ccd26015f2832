//! The numbers of an arm.

use leptos::prelude::*;

use crate::analysis::metrics::{Figure, Metrics};
use crate::engine::call::Certainty;
use crate::format;
use crate::scenario::ArmKind;
use crate::ui::workspace::Workspace;

/// A number on the page: its name for machines, its label, how it is read by either.
struct Shown {
    name: &'static str,
    label: &'static str,
    figure: fn(&Metrics) -> Figure,
    machine: fn(u64) -> String,
    text: fn(u64) -> String,
}

const ALL: [Shown; 11] = [
    Shown {
        name: "makespan",
        label: "makespan",
        figure: |m| m.makespan_us,
        machine: milliseconds,
        text: format::duration_us,
    },
    Shown {
        name: "sequential",
        label: "one by one",
        figure: |m| m.sequential_us,
        machine: milliseconds,
        text: format::duration_us,
    },
    count("peak-in-flight", "peak in flight", |m| m.peak_in_flight),
    count("refusals", "429s", |m| m.refusals),
    count("retries", "retries", |m| m.retries),
    count("failed", "failed", |m| m.failed),
    count("cancelled", "cancelled", |m| m.cancelled),
    count("input-tokens", "tokens in", |m| m.input_tokens),
    count("output-tokens", "tokens out", |m| m.output_tokens),
    Shown {
        name: "cost",
        label: "cost",
        figure: |m| m.cost_nano_usd,
        machine: format::usd_machine,
        text: format::usd_from_nano,
    },
    Shown {
        name: "peak-held",
        label: "peak held",
        figure: |m| m.peak_held_bytes,
        machine: decimal,
        text: format::bytes,
    },
];

const fn count(name: &'static str, label: &'static str, figure: fn(&Metrics) -> Figure) -> Shown {
    Shown { name, label, figure, machine: decimal, text: format::count }
}

fn decimal(n: u64) -> String {
    n.to_string()
}

fn milliseconds(us: u64) -> String {
    format!("{}.{:03}", us / 1000, us % 1000)
}

#[component]
pub fn MetricList(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    let metrics = workspace.numbers[kind.index()];
    let speedup = move || {
        let metrics = metrics.get()?;
        format::ratio(metrics.sequential_us.value?, metrics.makespan_us.value?)
    };
    let item = move |shown: &'static Shown| {
        let figure = move || metrics.get().map_or(Figure::UNKNOWN, |metrics| (shown.figure)(&metrics));
        let certainty = move || match figure().certainty {
            Certainty::Known => "known",
            Certainty::Estimated => "estimated",
            Certainty::Unknown => "unknown",
        };
        view! {
            <div
                class="metric"
                data-metric=shown.name
                data-value=move || figure().value.map(shown.machine).unwrap_or_default()
                data-certainty=certainty
            >
                <dt>{shown.label}</dt>
                <dd>{move || format::figure(figure().value, figure().certainty, shown.text)}</dd>
            </div>
        }
    };
    view! {
        <dl class="metrics">
            {ALL.iter().map(item).collect_view()}
            <div class="metric">
                <dt>"speed-up"</dt>
                <dd>{move || speedup().unwrap_or_else(|| format::UNKNOWN.to_string())}</dd>
            </div>
        </dl>
    }
}
