//! Stop: what is under way ends at once, what is finished stays.

use std::time::Duration;

use serde_json::json;

use crate::page::Page;
use crate::poll::until;
use crate::provider::{Answer, Provider};
use crate::scenario::{scenario, section_of, section_text};

const FINISHED: [&str; 2] = ["Alpha", "Beta"];
const CLOSED_WITHIN: Duration = Duration::from_millis(200);

#[tokio::test]
async fn stop_closes_every_open_request_and_keeps_what_is_finished() {
    closes_every_open_request(false).await;
}

#[tokio::test]
async fn stop_closes_streams_that_are_half_way() {
    closes_every_open_request(true).await;
}

async fn closes_every_open_request(streams: bool) {
    let provider = Provider::start(|asked| match section_of(&asked.user) {
        Some(name) if FINISHED.contains(&name) => Answer::ok(20, section_text(name)),
        _ => Answer::Hang,
    })
    .await;
    let mut scenario = scenario();
    scenario["sectioning"]["sections"].as_array_mut().unwrap().truncate(5);
    scenario["limits"]["concurrency"] = json!(5);
    let page = Page::live(&provider.base_url, &scenario).await;
    page.set_endpoint(&provider.base_url, streams).await;
    let arm = page.arm("sectioning");
    arm.start_live().await;
    until("two results on the page and three requests open", async || {
        let open = provider.posts().iter().filter(|post| post.end.is_none()).count();
        let mut shown = true;
        for (i, name) in FINISHED.iter().enumerate() {
            let result = arm.result(&format!("section-{}", i + 1)).await;
            shown &= result.is_some_and(|text| text.contains(&section_text(name)));
        }
        (shown && open == 3).then_some(())
    })
    .await;

    let clicked = page.click_timed("Stop").await;
    page.wait_for_end("stopped").await;

    let posts = until("three closed connections", async || {
        let posts = provider.posts();
        posts.iter().all(|post| post.end.is_some()).then_some(posts)
    })
    .await;
    assert_eq!(posts.len(), 5, "nothing is sent after the stop");
    let closed: Vec<Duration> =
        posts.iter().filter_map(|post| post.closed()).map(|at| at - clicked).collect();
    assert_eq!(closed.len(), 3);
    assert!(closed.iter().all(|after| *after <= CLOSED_WITHIN), "closed after {closed:?}");
    for (i, name) in FINISHED.iter().enumerate() {
        let result = arm.result(&format!("section-{}", i + 1)).await.unwrap();
        assert!(result.contains(&section_text(name)), "{result}");
    }
    assert_ne!(arm.outcome().await, "", "no outcome is a state and says so");
    assert_eq!(arm.metric("cancelled").await.value, "3");
}
