//! What becomes of the others when one call fails, live: cancelled, or left running after a question.

use serde_json::json;

use crate::completion;
use crate::page::Page;
use crate::poll::until;
use crate::provider::{Answer, Provider};
use crate::scenario::{scenario, section_of, section_text};

/// Beta is rejected at once; every other section takes a while.
async fn provider() -> Provider {
    Provider::start(|asked| match section_of(&asked.user) {
        Some("Beta") => {
            let body =
                completion::error("This topic cannot be written about.", "invalid_request_error", None);
            // Until then a busy machine has sent all six.
            Answer::Status { after_ms: 400, status: 400, headers: &[], body }
        }
        Some(name) => Answer::ok(1500, section_text(name)),
        None => Answer::ok(20, "Some rivers, merged."),
    })
    .await
}

/// The scenario with all sections at once and a failure policy.
fn under(policy: &str) -> serde_json::Value {
    let mut scenario = scenario();
    scenario["limits"]["concurrency"] = json!(6);
    scenario["failures"] = json!({ "policy": policy });
    scenario
}

#[tokio::test]
async fn a_task_group_closes_the_connections_of_the_others() {
    let provider = provider().await;
    let page = Page::live(&provider.base_url, &under("task-group")).await;
    let arm = page.arm("sectioning");
    arm.run_live().await;
    assert_eq!(provider.posts().len(), 6, "the synthesis was not asked");
    assert!(arm.outcome().await.contains("This topic cannot be written about."));
    assert_eq!(arm.metric("failed").await.value, "1");
    assert_eq!(arm.metric("cancelled").await.value, "5");
    until("closed connections", async || {
        provider.posts().iter().all(|post| post.end.is_some()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn gather_says_what_it_costs_before_it_starts_and_lets_the_others_run_on() {
    let provider = provider().await;
    let page = Page::live(&provider.base_url, &under("gather")).await;
    let arm = page.arm("sectioning");
    arm.run_button().await.click().await.unwrap();
    let dialog = until("a question", async || page.dialog().await).await;
    assert!(dialog.contains("gather()"), "{dialog}");
    assert_eq!(provider.posts().len(), 0, "nothing is sent before there is consent");
    page.read("watchStates()", vec![]).await;
    page.click("Run live").await;
    page.wait_for_end("done").await;
    assert_eq!(provider.posts().len(), 6);
    assert_eq!(arm.metric("failed").await.value, "1");
    assert_eq!(arm.metric("cancelled").await.value, "0");
    let text = arm.text().await;
    assert!(text.contains("5 calls ran on unseen"), "{text}");
}
