//! "Run all", live: three arms at once, each with its own calls and outcome.

use serde_json::json;

use crate::page::Page;
use crate::provider::{Answer, Provider};
use crate::scenario::scenario;

#[tokio::test]
async fn run_all_runs_the_three_arms_against_the_endpoint() {
    let provider = Provider::start(|asked| Answer::ok(20, reply(&asked.user))).await;
    let mut scenario = scenario();
    scenario["limits"]["concurrency"] = json!(6);
    let page = Page::live(&provider.base_url, &scenario).await;
    page.run_all_live().await;
    page.wait_for_end("done").await;

    assert_eq!(provider.posts().len(), (6 + 1) + 5 + (3 + 1));
    for (arm, part) in page.arms().iter().zip(["Merged.", "Oslo", "Reduced."]) {
        let outcome = arm.outcome().await;
        assert!(outcome.contains(part), "{}: {outcome}", arm.name);
        assert_eq!(arm.metric("failed").await.value, "0");
    }
}

fn reply(user: &str) -> &'static str {
    match user.split_whitespace().next() {
        Some("SYNTHESIS") => "Merged.",
        Some("VOTE") => "Oslo",
        Some("REDUCE") => "Reduced.",
        _ => "A part.",
    }
}
