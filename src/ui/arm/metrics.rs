//! The numbers of an arm.

use leptos::prelude::*;

use crate::analysis::metrics::{Figure, Metrics};
use crate::engine::call::Certainty;
use crate::format;
use crate::scenario::ArmKind;
use crate::ui::parts::painted::{Markup, element, painted};
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
    view! { <dl class="metrics" use:painted=workspace.picture(kind, metrics)></dl> }.into_any()
}

fn metrics(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let numbers = workspace.numbers(kind);
    let item = |shown: &Shown| {
        let figure = numbers.map_or(Figure::UNKNOWN, |numbers| (shown.figure)(&numbers));
        let certainty = match figure.certainty {
            Certainty::Known => "known",
            Certainty::Estimated => "estimated",
            Certainty::Unknown => "unknown",
        };
        metric(shown.label, format::figure(figure.value, figure.certainty, shown.text))
            .with("data-metric", shown.name)
            .with("data-value", figure.value.map(shown.machine).unwrap_or_default())
            .with("data-certainty", certainty)
    };
    let speedup =
        numbers.and_then(|numbers| format::ratio(numbers.sequential_us.value?, numbers.makespan_us.value?));
    let speedup = metric("speed-up", speedup.unwrap_or_else(|| format::UNKNOWN.to_string()));
    ALL.iter().map(item).chain([speedup]).collect()
}

fn metric(label: &'static str, value: String) -> Markup {
    element("div").class("metric").children(vec![element("dt").text(label), element("dd").text(value)])
}
