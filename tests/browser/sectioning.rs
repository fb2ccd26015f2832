//! Sectioning, live: the limit holds and the synthesis gets everything in order.

use serde_json::json;

use crate::page::{API_KEY, MODEL, Page};
use crate::provider::{Answer, Provider};
use crate::scenario::{SECTIONS, scenario, section_of, section_text};
use crate::words::assert_in_order;

#[tokio::test]
async fn six_sections_at_concurrency_two_reach_the_synthesis_in_input_order() {
    let provider = Provider::start(|asked| match section_of(&asked.user) {
        // The first of each pair takes longest, so that answers come out of order.
        Some(name) => Answer::ok([350, 60][asked.nth % 2], section_text(name)),
        None => Answer::ok(20, "All rivers, merged."),
    })
    .await;
    let page = Page::live(&provider.base_url, &scenario()).await;
    page.set_slider("Concurrency", 2).await;
    let arm = page.arm("sectioning");
    arm.run_live().await;

    let posts = provider.posts();
    assert_eq!(posts.len(), 7, "six sections and a synthesis");
    assert_eq!(provider.peak(), 2);
    let answered: Vec<_> = posts.iter().take(6).map(|post| post.answered().unwrap()).collect();
    assert!(!answered.is_sorted(), "the answers were meant to come out of order");
    assert_in_order(&posts[6].user(), &SECTIONS.map(section_text));

    for post in &posts {
        assert_eq!(post.body["model"], json!(MODEL), "the settings name the model, not the scenario");
        assert_eq!(post.headers["authorization"], format!("Bearer {API_KEY}"));
    }
    assert!(arm.outcome().await.contains("All rivers, merged."));
    for (i, name) in SECTIONS.iter().enumerate() {
        let result = arm.result(&format!("section-{}", i + 1)).await.unwrap();
        assert!(result.contains(&section_text(name)), "{result}");
    }
    assert_eq!(arm.metric("peak-in-flight").await.value, "2");
}
