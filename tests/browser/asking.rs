//! What a live run will cost is said before it begins, and asked about where it may be much.

use serde_json::json;

use crate::page::Page;
use crate::poll::until;
use crate::provider::{Answer, Provider};
use crate::scenario::scenario;
use crate::site::Site;

/// An address that is nobody's: nothing is sent to it before there is consent.
const ELSEWHERE: &str = "https://llm.example/v1";

async fn live(model: &str, ask_above: &str) -> Page {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(&scenario()).await;
    page.set_endpoint(ELSEWHERE, false).await;
    page.click("Settings").await;
    page.set_field("Model", model).await;
    page.set_field("Ask before a run that may cost more than, in USD", ask_above).await;
    page.click("Done").await;
    page.choose_live().await;
    page
}

async fn asked(page: &Page) -> String {
    page.arm("voting").run_button().await.click().await.unwrap();
    until("a question", async || page.dialog().await).await
}

#[tokio::test]
async fn a_dear_run_says_how_many_calls_go_where_and_what_they_cost() {
    let page = live("gpt-6-astra", "0.0001").await;
    let question = asked(&page).await;
    for part in
        ["5 calls", "llm.example", "gpt-6-astra", "tokens in", "at least $", "likely ≈ $", "at most $"]
    {
        assert!(question.contains(part), "{part:?} in {question}");
    }
    page.click("Cancel").await;
    assert_ne!(page.state().await.as_deref(), Some("running"));
}

/// Guards against taking an unknown price for none.
#[tokio::test]
async fn a_run_of_which_nobody_knows_the_price_is_asked_about() {
    let page = live("a-model-of-mine", "1000").await;
    let question = asked(&page).await;
    assert!(question.contains("Nobody knows the price of “a-model-of-mine”"), "{question}");
}

#[tokio::test]
async fn a_cheap_run_starts_at_once() {
    let page = live("gpt-6-luna", "1").await;
    page.read("watchStates()", vec![]).await;
    page.arm("voting").run_button().await.click().await.unwrap();
    until("a run", async || {
        let states = page.read("return window.runStates", vec![]).await;
        states.as_array().is_some_and(|states| states.contains(&json!("running"))).then_some(())
    })
    .await;
}

/// Guards against a number before the run that nobody can hold against the one after it.
#[tokio::test]
async fn after_the_run_the_expected_cost_stands_beside_the_real_one() {
    let provider = Provider::start(|_| Answer::ok(10, "An answer.")).await;
    let page = Page::live(&provider.base_url, &scenario()).await;
    page.click("Settings").await;
    page.set_field("Model", "gpt-6.1-terra").await;
    page.click("Done").await;
    let arm = page.arm("voting");
    arm.run_live().await;
    let text = arm.text().await;
    assert!(text.contains("Expected before the run: ≈ $") && text.contains("It came to "), "{text}");
}
