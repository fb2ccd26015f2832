//! Answers in one piece and as a stream come to the same.

use crate::completion::{INPUT_TOKENS, OUTPUT_TOKENS};
use crate::page::Page;
use crate::provider::{Answer, Provider};
use crate::scenario::{SECTIONS, scenario, section_of, section_text};
use crate::words::assert_in_order;

#[tokio::test]
async fn answers_in_one_piece_are_read() {
    answers_are_read(false).await;
}

#[tokio::test]
async fn streamed_answers_are_read() {
    answers_are_read(true).await;
}

async fn answers_are_read(streams: bool) {
    let provider = Provider::start(|asked| match section_of(&asked.user) {
        Some(name) => Answer::ok(20, section_text(name)),
        None => Answer::ok(20, "Åll rivers → 海, merged."),
    })
    .await;
    let page = Page::live(&provider.base_url, &scenario()).await;
    page.set_endpoint(&provider.base_url, streams).await;
    page.watch_replies().await;
    let arm = page.arm("sectioning");
    arm.run_live().await;

    let posts = provider.posts();
    assert_eq!(posts.len(), 7);
    assert!(posts.iter().all(|post| post.body["stream"].as_bool().unwrap_or(false) == streams));
    assert_in_order(&posts[6].user(), &SECTIONS.map(section_text));
    // Guards against replies that are broken off at their last word, which closes the connection and
    // shows as failed in the browser's network panel.
    assert_eq!(page.statuses(&provider.base_url).await, [200; 7], "streams: {streams}");
    assert!(arm.outcome().await.contains("Åll rivers → 海, merged."));
    for (name, tokens) in [("input-tokens", INPUT_TOKENS), ("output-tokens", OUTPUT_TOKENS)] {
        let metric = arm.metric(name).await;
        assert_eq!((metric.value, metric.certainty.as_str()), ((7 * tokens).to_string(), "known"), "{name}");
    }
}
