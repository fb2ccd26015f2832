//! The numbers of an arm, and what the last change did to them.

use super::markup::{Markup, element};
use crate::analysis::measure::{Change, Figures, MEASURES, Measure, certainty, figures};
use crate::analysis::metrics::{Figure, Metrics};
use crate::format;

/// The numbers, and their changes since those of before.
pub fn list(numbers: Option<&Metrics>, before: Option<Figures>) -> Vec<Markup> {
    let now = numbers.map(figures);
    let item = |(i, measure): (usize, &Measure)| {
        let figure = now.map_or(Figure::UNKNOWN, |now| now[i]);
        let change = before.and_then(|before| measure.change(before[i], figure));
        metric(measure.label, measure.text(figure), change)
            .with("data-metric", measure.name)
            .with("data-value", measure.machine(figure))
            .with("data-certainty", certainty(figure))
    };
    let speedup = numbers.filter(|numbers| numbers.has_outcome).and_then(|numbers| {
        let times = format::ratio(numbers.sequential_us.value?, numbers.makespan_us.value?)?;
        Some((times, numbers.sequential_us))
    });
    let (times, sequential_us) = speedup.unwrap_or((format::UNKNOWN.to_string(), Figure::UNKNOWN));
    let speedup = metric("speed-up", times, None).with("data-certainty", certainty(sequential_us));
    MEASURES.iter().enumerate().map(item).chain([speedup]).collect()
}

fn metric(label: &'static str, value: String, change: Option<Change>) -> Markup {
    let value = element("dd").text(value).children(change.iter().map(changed).collect());
    element("div").class("metric").children(vec![element("dt").text(label), value])
}

/// A change, with a sign for the eye and words for everybody.
pub fn changed(change: &Change) -> Markup {
    let sign = element("span").with("aria-hidden", "true").text(if change.is_more { "▲ " } else { "▼ " });
    element("small").class("change").children(vec![
        element("span").class("visually-hidden").text(", "),
        sign,
        Markup::Text(change.words.clone()),
    ])
}
