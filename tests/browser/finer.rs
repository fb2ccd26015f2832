//! The finer settings, simulated: they stand in the file, on the page, and change what happens.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::page::Page;
use crate::scenario::scenario;
use crate::site::Site;

/// The page with a scenario that is simulated.
async fn simulated(scenario: &Json) -> Page {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(scenario).await;
    page
}

async fn tokens_out(page: &Page) -> u64 {
    page.arm("voting").metric("output-tokens").await.value.parse().unwrap()
}

#[tokio::test]
async fn a_vote_that_stops_when_it_is_decided_costs_less_and_says_the_same() {
    let mut scenario = scenario();
    scenario["voting"]["options"] = json!(["Rome", "Oslo"]);
    scenario["voting"]["correct"] = json!(0);
    scenario["voting"]["votes"] = json!(15);
    scenario["limits"]["concurrency"] = json!(2);
    let page = simulated(&scenario).await;
    let (whole, full_cost) = (page.arm("voting").outcome().await, tokens_out(&page).await);
    scenario["voting"]["stop"] = json!("decided");
    page.open_scenario(&scenario).await;
    let (stopped, cost) = (page.arm("voting").outcome().await, tokens_out(&page).await);
    assert!(cost < full_cost, "{cost} of {full_cost}");
    let winner = |text: &str| text.split(':').next().map(str::to_string);
    assert_eq!(winner(&whole), winner(&stopped));
}

#[tokio::test]
async fn sections_in_a_circle_are_refused_with_the_circle_named() {
    let mut scenario = scenario();
    scenario["sectioning"]["sections"][0]["after"] = json!(["Beta"]);
    scenario["sectioning"]["sections"][1]["after"] = json!(["Alpha"]);
    let page = simulated(&scenario).await;
    let text = page.arm("sectioning").text().await;
    assert!(text.contains("Alpha → Beta → Alpha"), "{text}");
}

#[tokio::test]
async fn a_chain_shows_its_critical_path() {
    let mut scenario = scenario();
    for i in 1..6 {
        let before = scenario["sectioning"]["sections"][i - 1]["name"].clone();
        scenario["sectioning"]["sections"][i]["after"] = json!([before]);
    }
    let page = simulated(&scenario).await;
    let text = page.arm("sectioning").text().await;
    assert!(text.contains("Critical path") && text.contains("1.0×"), "{text}");
}

#[tokio::test]
async fn one_call_for_the_whole_task_stands_beside_every_outcome() {
    let mut scenario = scenario();
    scenario["compare"] = json!({"single": true});
    let page = simulated(&scenario).await;
    for arm in page.arms() {
        let text = arm.text().await;
        assert!(text.contains("As one call"), "{text}");
    }
}

/// Guards against a page that stands still while it simulates.
#[tokio::test]
async fn ten_thousand_documents_are_simulated_bit_by_bit() {
    let mut scenario = scenario();
    let document = |i: u32| json!({"id": format!("d{i}"), "text": format!("Note {i} is short.")});
    scenario["map_reduce"]["documents"] = (0..10_000).map(document).collect();
    scenario["map_reduce"]["combine"] = json!("fold");
    scenario["order"] = json!({"entry": "window", "size": 32});
    let page = simulated(&scenario).await;
    let arm = page.arm("map-reduce");
    assert!(arm.text().await.contains("Too many calls to follow every change"));
    arm.run_button().await.click().await.unwrap();
    page.wait_for_state_within("running", Duration::from_secs(5)).await;
    page.wait_for_state_within("done", Duration::from_secs(60)).await;
    let text = arm.text().await;
    assert!(
        text.contains("From 10.0 k of 10.0 k inputs") || text.contains("From 10000 of 10000 inputs"),
        "{text}"
    );
    let nodes = page.read("return document.querySelectorAll('*').length", vec![]).await;
    assert!(nodes.as_u64() < Some(15_000), "{nodes} elements");
}
