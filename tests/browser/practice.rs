//! The practice server: a live run without a key and without a server, over the browser's network.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::browser::Browser::{Chromium, Firefox};
use crate::browser::only_in;
use crate::page::Page;
use crate::poll::{PATIENCE, until, within};
use crate::scenario::scenario;
use crate::site::Site;

/// A vote that goes out all at once.
fn votes(votes: u32) -> Json {
    let mut scenario = scenario();
    scenario["limits"]["concurrency"] = json!(20);
    scenario["simulation"]["speed"] = json!("small");
    scenario["voting"]["votes"] = json!(votes);
    scenario["voting"]["options"] = json!(["Rome", "Oslo", "Lima"]);
    scenario["voting"]["correct"] = json!(1);
    scenario["voting"]["max_tokens"] = json!(60);
    scenario
}

/// The page as it is opened, with a scenario, set to run live: that is all it takes.
async fn practice(site: &Site, scenario: &Json) -> Page {
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(scenario).await;
    page.choose_live().await;
    page.watch_replies().await;
    page
}

/// The statuses of what went to the practice server, as the browser's network has them.
async fn statuses(page: &Page) -> Vec<u64> {
    let script = "return new URL('practice/v1/chat/completions', document.baseURI).href";
    let address = page.read(script, vec![]).await;
    page.statuses(address.as_str().unwrap()).await
}

async fn assert_all_voted(page: &Page, n: u32) {
    let arm = page.arm("voting");
    for voter in 1..=n {
        let text = arm.result(&format!("voter-{voter}")).await.unwrap_or_default();
        let n_options = ["Rome", "Oslo", "Lima"].iter().filter(|option| text.contains(**option)).count();
        assert!(n_options > 0, "voter {voter}: {text}");
    }
}

#[tokio::test]
async fn fifteen_votes_at_once_need_no_key_and_cost_nothing() {
    for (prefix, streams) in [("/", true), ("/lessons/fanout/", true), ("/lessons/fanout/", false)] {
        let site = Site::watched(prefix).await;
        let page = match streams {
            true => practice(&site, &votes(15)).await,
            false => practice(&site, &votes(15)).await,
        };
        let arm = page.arm("voting");
        arm.run_live().await;
        assert_all_voted(&page, 15).await;
        let statuses = statuses(&page).await;
        let fits = |status: &u64| *status == 200 || streams && *status == 0;
        assert!(statuses.len() == 15 && statuses.iter().all(fits), "under {prefix}: {statuses:?}");
        assert_eq!(arm.metric("peak-in-flight").await.value, "15");
        let cost = arm.metric("cost").await;
        assert_eq!((cost.value.parse(), cost.certainty.as_str()), (Ok(0.0), "known"));
        assert_eq!(arm.metric("output-tokens").await.certainty, "known");
        assert!(arm.text().await.contains("practice"), "simulated answers are marked");
        page.assert_quiet(&[&site.url], &format!("under {prefix}")).await;
    }
}

#[tokio::test]
async fn a_limit_of_sixty_a_minute_shows_as_429s_in_the_network() {
    let mut scenario = votes(15);
    scenario["limits"]["requests_per_minute"] = json!(60);
    scenario["limits"]["burst"] = json!(4);
    let site = Site::start().await;
    let page = practice(&site, &scenario).await;
    let arm = page.arm("voting");
    arm.start_live().await;
    let ended = within(3 * PATIENCE, async || (page.state().await.as_deref() == Some("done")).then_some(()));
    assert!(ended.await.is_some(), "{}", arm.text().await);
    assert_all_voted(&page, 15).await;
    let statuses = statuses(&page).await;
    let n = |status| statuses.iter().filter(|other| **other == status).count();
    assert_eq!(n(200), 15, "{statuses:?}");
    assert!(n(429) > 0 && n(200) + n(429) == statuses.len(), "{statuses:?}");
    assert_eq!(arm.metric("refusals").await.value, n(429).to_string());
}

#[tokio::test]
async fn a_run_goes_on_without_the_pages_server() {
    let site = Site::start().await;
    let page = practice(&site, &votes(5)).await;
    page.arm("voting").run_live().await;
    site.stop();
    let before = statuses(&page).await.len();
    for arm in page.arms() {
        arm.run_live().await;
        assert_ne!(arm.outcome().await, "");
        assert_eq!(arm.metric("failed").await.value, "0", "{}", arm.text().await);
    }
    assert!(statuses(&page).await.len() > before + 5);
}

#[tokio::test]
async fn stop_ends_streams_that_are_half_way() {
    let mut scenario = votes(15);
    scenario["simulation"]["speed"] = json!("large");
    // Answers of a minute and more.
    scenario["voting"]["max_tokens"] = json!(8000);
    let site = Site::start().await;
    let page = practice(&site, &scenario).await;
    // What of the streams reaches the page, as the page's worker sends it.
    let watch = "window.heard = [];
        const post = MessagePort.prototype.postMessage;
        MessagePort.prototype.postMessage = function (word, ...more) {
            if (typeof word === 'string') window.heard.push(performance.timeOrigin + performance.now());
            return post.call(this, word, ...more);
        };";
    page.read(watch, vec![]).await;
    page.arm("voting").start_live().await;
    until("parts of answers", async || {
        let n = page.read("return window.heard.length", vec![]).await;
        (n.as_u64() > Some(20)).then_some(())
    })
    .await;
    page.click_timed("Stop").await;
    page.wait_for_state("stopped").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let late_ms = page.read("return window.heard.at(-1) - window.clickedAt", vec![]).await;
    assert!(late_ms.as_f64().unwrap() <= 200.0, "a part {late_ms} ms after Stop");
    let arm = page.arm("voting");
    assert_eq!(arm.metric("cancelled").await.value, "15");
    assert!(!statuses(&page).await.contains(&429));
}

/// Guards against a tab that answers what another one asks.
#[tokio::test]
async fn two_tabs_answer_their_own_requests() {
    let site = Site::start().await;
    let page = practice(&site, &votes(15)).await;
    page.arm("voting").run_live().await;
    let client = &page.driver.client;
    let first = client.window().await.unwrap();
    let second = client.new_window(true).await.unwrap().handle;
    client.switch_to_window(second.clone()).await.unwrap();
    page.visit(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(&votes(9)).await;
    page.choose_live().await;
    page.watch_replies().await;
    // Settings are this browser's, so the other tab has them too.
    page.arm("voting").start_live().await;
    client.switch_to_window(first).await.unwrap();
    page.arm("voting").run_live().await;
    assert_eq!(statuses(&page).await, vec![200; 30]);
    client.switch_to_window(second).await.unwrap();
    page.wait_for_end("done").await;
    assert_all_voted(&page, 9).await;
    assert_eq!(statuses(&page).await, vec![200; 9]);
}

/// Guards against a page that Shift and Reload have taken from its worker, and whose requests would go
/// to the static host.
#[tokio::test]
async fn a_page_that_was_reloaded_past_its_worker_runs() {
    if !only_in(&[Chromium, Firefox], "its driver has no reload past the worker") {
        return;
    }
    let site = Site::start().await;
    let page = practice(&site, &votes(5)).await;
    page.arm("voting").run_live().await;
    page.driver.reload_past_worker().await;
    page.wait_for_state("done").await;
    let worker = page.read("return navigator.serviceWorker.controller", vec![]).await;
    assert_eq!(worker, Json::Null, "the page was reloaded past its worker");
    page.open_scenario(&votes(9)).await;
    page.choose_live().await;
    page.watch_replies().await;
    page.arm("voting").run_live().await;
    assert_all_voted(&page, 9).await;
    assert_eq!(statuses(&page).await, vec![200; 9]);
}

/// Guards against a worker that falls asleep over long answers: Firefox lets one wait for a minute at
/// most, whatever it waits for, if nobody calls.
#[tokio::test]
async fn a_run_keeps_its_worker_awake() {
    let mut scenario = votes(1);
    scenario["simulation"]["speed"] = json!("large");
    // Answers of a minute and more.
    scenario["voting"]["max_tokens"] = json!(8000);
    let site = Site::start().await;
    let page = practice(&site, &scenario).await;
    let watch = "window.calls = 0;
        const post = ServiceWorker.prototype.postMessage;
        ServiceWorker.prototype.postMessage = function (...words) {
            if (navigator.serviceWorker.controller) window.calls += 1;
            return post.apply(this, words);
        };";
    page.read(watch, vec![]).await;
    page.arm("voting").start_live().await;
    let calls = async || page.read("return window.calls", vec![]).await.as_u64().unwrap();
    within(3 * PATIENCE, async || (calls().await >= 2).then_some(())).await.expect("two calls in a minute");
    page.click("Stop").await;
    page.wait_for_state("stopped").await;
}

/// Guards against draws that repeat: running again is another sample.
#[tokio::test]
async fn running_again_draws_again() {
    let site = Site::start().await;
    let page = practice(&site, &votes(15)).await;
    let arm = page.arm("voting");
    let mut answers = Vec::new();
    for _ in 0..3 {
        arm.run_live().await;
        let mut run = Vec::new();
        for voter in 1..=15 {
            run.push(arm.result(&format!("voter-{voter}")).await.unwrap());
        }
        answers.push(run);
    }
    assert!(answers[0] != answers[1] || answers[1] != answers[2]);
}

/// Guards against a Run button that does nothing where there can be no practice server.
#[tokio::test]
async fn a_browser_without_service_workers_is_told_so() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.read("Object.defineProperty(navigator, 'serviceWorker', { value: undefined })", vec![]).await;
    page.choose_live().await;
    page.click("Run all").await;
    let notice = page.wait_for_notice(&["needs service workers"]).await;
    assert!(notice.contains("Choose Simulated"), "{notice}");
    page.choose_simulated().await;
    page.wait_for_state("done").await;
}

/// Guards against a budget that nobody can keep since nobody names a price, and against one that is
/// lost when a limit is changed in the middle.
#[tokio::test]
async fn a_budget_is_no_obstacle_where_nothing_is_paid() {
    let site = Site::start().await;
    let mut scenario = votes(3);
    scenario["limits"]["budget_mills"] = json!(1);
    let page = practice(&site, &scenario).await;
    let arm = page.arm("voting");
    assert!(!arm.text().await.contains("cannot be kept"));
    arm.run_live().await;
    assert_all_voted(&page, 3).await;
    // The run was free; the next one has a model of which nobody knows the price.
    page.set_endpoint("http://127.0.0.1:9/v1", false).await;
    assert!(arm.text().await.contains("cannot be kept"));
    assert_eq!(arm.metric("cost").await.certainty, "known");
}
