//! One of the three patterns on the page.

use std::collections::BTreeMap;

use fantoccini::elements::Element;
use serde_json::{Value as Json, json};

use crate::page::Page;

/// The names of the metrics every arm shows.
pub const METRICS: [&str; 11] = [
    "makespan",
    "sequential",
    "peak-in-flight",
    "refusals",
    "retries",
    "failed",
    "cancelled",
    "input-tokens",
    "output-tokens",
    "cost",
    "peak-held",
];

/// A region of the page, by its `data-arm`.
pub struct Arm<'a> {
    pub page: &'a Page,
    pub name: &'a str,
}

/// A number of the page as machines read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Empty where it is unknown.
    pub value: String,
    pub certainty: String,
}

impl Arm<'_> {
    /// What the aggregator made, as it can be seen.
    pub async fn outcome(&self) -> String {
        let script = "return arm(arguments[0])?.querySelector('[data-outcome]')?.innerText";
        self.read(script).await.as_str().unwrap_or_default().trim().to_string()
    }

    /// A worker's answer, folded away or not; none where it has no card.
    pub async fn result(&self, id: &str) -> Option<String> {
        let script =
            "return arm(arguments[0])?.querySelector(`[data-result=\"${arguments[1]}\"]`)?.textContent";
        self.page.read(script, vec![json!(self.name), json!(id)]).await.as_str().map(str::to_string)
    }

    /// All that can be read in the region.
    pub async fn text(&self) -> String {
        self.read("return arm(arguments[0])?.textContent").await.as_str().unwrap_or_default().to_string()
    }

    pub async fn metrics(&self) -> BTreeMap<String, Metric> {
        let script = "return [...(arm(arguments[0])?.querySelectorAll('[data-metric]') ?? [])]
            .map(({ dataset }) => [dataset.metric, dataset.value, dataset.certainty])";
        let rows: Vec<(String, Option<String>, Option<String>)> =
            serde_json::from_value(self.read(script).await).unwrap();
        rows.into_iter()
            .map(|(name, value, certainty)| {
                let metric =
                    Metric { value: value.unwrap_or_default(), certainty: certainty.unwrap_or_default() };
                (name, metric)
            })
            .collect()
    }

    pub async fn metric(&self, name: &str) -> Metric {
        let metrics = self.metrics().await;
        metrics.get(name).cloned().unwrap_or_else(|| panic!("{} has no metric {name}", self.name))
    }

    /// Runs this arm alone, live, to its end.
    pub async fn run_live(&self) {
        self.start_live().await;
        self.page.wait_for_end("done").await;
    }

    /// Starts this arm alone, live.
    pub async fn start_live(&self) {
        self.page.start_live(&self.run_button().await).await;
    }

    /// The button that runs this arm.
    pub async fn run_button(&self) -> Element {
        let script = "return [...arm(arguments[0]).querySelectorAll('button')]
            .find((button) => /^Run\\b/.test(nameOf(button)) && isVisible(button))";
        let button = self.page.element(&self.read(script).await);
        button.unwrap_or_else(|| panic!("{} has no Run button", self.name))
    }

    async fn read(&self, script: &str) -> Json {
        self.page.read(script, vec![json!(self.name)]).await
    }
}
