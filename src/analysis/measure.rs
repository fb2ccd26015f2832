//! The numbers of an arm by name: how people and machines read each, and what changed in it.

use super::metrics::{Figure, Metrics};
use crate::engine::call::Certainty;
use crate::format;

/// One of the numbers: its name for machines, its label, how it is read by either.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    pub name: &'static str,
    pub label: &'static str,
    /// What machines read it in.
    pub unit: &'static str,
    figure: fn(&Metrics) -> Figure,
    machine: fn(u64) -> String,
    text: fn(u64) -> String,
}

/// How many there are.
pub const N_MEASURES: usize = 11;

/// An arm in numbers, in the order of [`MEASURES`].
pub type Figures = [Figure; N_MEASURES];

/// In the order in which they are shown; the makespan comes first.
pub const MEASURES: [Measure; N_MEASURES] = [
    time("makespan", "makespan", |m| m.makespan_us),
    time("sequential", "one by one", |m| m.sequential_us),
    count("peak-in-flight", "peak in flight", "attempts", |m| m.peak_in_flight),
    count("refusals", "429s", "attempts", |m| m.refusals),
    count("retries", "retries", "attempts", |m| m.retries),
    count("failed", "failed", "calls", |m| m.failed),
    count("cancelled", "cancelled", "calls", |m| m.cancelled),
    count("input-tokens", "tokens in", "tokens", |m| m.input_tokens),
    count("output-tokens", "tokens out", "tokens", |m| m.output_tokens),
    Measure {
        name: "cost",
        label: "cost",
        unit: "USD",
        figure: |m| m.cost_nano_usd,
        machine: format::usd_machine,
        text: format::usd_from_nano,
    },
    Measure {
        name: "peak-held",
        label: "peak held",
        unit: "bytes",
        figure: |m| m.peak_held_bytes,
        machine: decimal,
        text: format::bytes,
    },
];

const fn time(name: &'static str, label: &'static str, figure: fn(&Metrics) -> Figure) -> Measure {
    Measure { name, label, unit: "ms", figure, machine: milliseconds, text: format::duration_us }
}

const fn count(
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    figure: fn(&Metrics) -> Figure,
) -> Measure {
    Measure { name, label, unit, figure, machine: decimal, text: format::count }
}

fn decimal(n: u64) -> String {
    n.to_string()
}

fn milliseconds(us: u64) -> String {
    format!("{}.{:03}", us / 1000, us % 1000)
}

/// Every number of an arm.
pub fn figures(metrics: &Metrics) -> Figures {
    MEASURES.map(|measure| (measure.figure)(metrics))
}

/// How sure a figure is, for machines.
pub fn certainty(figure: Figure) -> &'static str {
    match figure.certainty {
        Certainty::Known => "known",
        Certainty::Estimated => "estimated",
        Certainty::Unknown => "unknown",
    }
}

/// What became of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub is_more: bool,
    /// By how much, and which way: “3.2 s less”.
    pub words: String,
}

impl Measure {
    /// The figure as people read it.
    pub fn text(&self, figure: Figure) -> String {
        format::figure(figure.value, figure.certainty, self.text)
    }

    /// The figure as machines read it: a decimal number, or nothing where it is unknown.
    pub fn machine(&self, figure: Figure) -> String {
        figure.value.map(self.machine).unwrap_or_default()
    }

    /// What changed; none where nobody would see it, or one of the two is unknown.
    pub fn change(&self, before: Figure, now: Figure) -> Option<Change> {
        let (then, value) = (before.value?, now.value?);
        if self.text(before) == self.text(now) {
            return None;
        }
        let certainty = before.certainty.max(now.certainty);
        let size = self.text(Figure { value: Some(value.abs_diff(then)), certainty });
        let is_more = value > then;
        let way = if is_more { "more" } else { "less" };
        Some(Change { is_more, words: format!("{size} {way}") })
    }
}
