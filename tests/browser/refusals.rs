//! 429: everybody waits as long as the server asks, and nothing is lost.

use std::time::Duration;

use serde_json::json;

use crate::completion;
use crate::page::Page;
use crate::provider::{Answer, Provider};
use crate::scenario::{SECTIONS, scenario, section_of, section_text};
use crate::words::assert_in_order;

const EXPOSED: &[(&str, &str)] = &[("retry-after", "1"), ("access-control-expose-headers", "retry-after")];
const HIDDEN: &[(&str, &str)] = &[("retry-after", "1")];

#[tokio::test]
async fn a_refusal_with_retry_after_pauses_all_calls() {
    pauses_all_calls(EXPOSED, "Too many requests.").await;
}

#[tokio::test]
async fn a_refusal_that_says_the_wait_in_its_body_pauses_all_calls() {
    pauses_all_calls(HIDDEN, "Rate limit reached for requests. Please try again in 1s.").await;
}

async fn pauses_all_calls(headers: &'static [(&'static str, &'static str)], message: &'static str) {
    let provider = Provider::start(move |asked| match (asked.nth, section_of(&asked.user)) {
        // Late enough that the second request is under way.
        (0, _) => Answer::Status {
            after_ms: 200,
            status: 429,
            headers,
            body: completion::error(message, "requests", Some("rate_limit_exceeded")),
        },
        // Answered in the middle of the pause: its permit must not be used before the end.
        (1, Some(name)) => Answer::ok(500, section_text(name)),
        (_, Some(name)) => Answer::ok(30, section_text(name)),
        (_, None) => Answer::ok(30, "All rivers, merged."),
    })
    .await;
    let mut scenario = scenario();
    scenario["limits"]["concurrency"] = json!(2);
    let page = Page::live(&provider.base_url, &scenario).await;
    let arm = page.arm("sectioning");
    arm.run_live().await;

    let posts = provider.posts();
    assert_eq!(posts.len(), 6 + 1 + 1, "six sections, a synthesis, and one of them again");
    let refused = posts[0].answered().unwrap();
    for post in posts.iter().filter(|post| post.arrived > refused) {
        let waited = post.arrived - refused;
        assert!(waited >= Duration::from_millis(900), "a request {waited:?} after the refusal");
    }
    assert_eq!(posts.iter().filter(|post| post.arrived <= refused).count(), 2);
    assert_in_order(&posts[7].user(), &SECTIONS.map(section_text));
    assert_eq!(arm.metric("refusals").await.value, "1");
    assert_eq!(arm.metric("failed").await.value, "0");
}
