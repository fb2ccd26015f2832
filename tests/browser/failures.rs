//! Calls that fail: tried again where that helps, named where it does not.

use serde_json::Value as Json;

use crate::completion;
use crate::page::Page;
use crate::provider::{Answer, Provider};
use crate::scenario::{SECTIONS, scenario, section_of, section_text};
use crate::words::assert_in_order;

#[tokio::test]
async fn a_server_error_is_tried_again() {
    let provider = Provider::start(|asked| match (asked.nth, section_of(&asked.user)) {
        (0, _) => failure(500, "The server had an error."),
        (_, Some(name)) => Answer::ok(20, section_text(name)),
        (_, None) => Answer::ok(20, "All rivers, merged."),
    })
    .await;
    let page = Page::live(&provider.base_url, &scenario()).await;
    let arm = page.arm("sectioning");
    arm.run_live().await;

    let posts = provider.posts();
    assert_eq!(posts.len(), 6 + 1 + 1);
    assert_in_order(&posts[7].user(), &SECTIONS.map(section_text));
    assert_eq!(arm.metric("retries").await.value, "1");
    assert_eq!(arm.metric("failed").await.value, "0");
}

#[tokio::test]
async fn a_lasting_failure_is_named_and_the_others_stay() {
    let provider = Provider::start(|asked| match section_of(&asked.user) {
        Some("Beta") => failure(400, "This topic cannot be written about."),
        Some(name) => Answer::ok(20, section_text(name)),
        None => Answer::ok(20, "Some rivers, merged."),
    })
    .await;
    let page = Page::live(&provider.base_url, &scenario()).await;
    let arm = page.arm("sectioning");
    arm.run_live().await;

    let posts = provider.posts();
    assert_eq!(posts.len(), 7, "a rejected request is not sent again");
    let failed = arm.result("section-2").await.unwrap();
    assert!(failed.contains("Beta"), "{failed}");
    assert!(failed.contains("This topic cannot be written about."), "the server's words: {failed}");
    let others = SECTIONS.iter().enumerate().filter(|(_, name)| **name != "Beta");
    for (i, name) in others.clone() {
        let result = arm.result(&format!("section-{}", i + 1)).await.unwrap();
        assert!(result.contains(&section_text(name)), "{result}");
    }
    let mut told: Vec<String> = others.map(|(_, name)| section_text(name)).collect();
    told.push("Missing, because the call for it brought nothing: Beta".to_string());
    assert_in_order(&posts[6].user(), &told);
    assert!(arm.outcome().await.contains("Some rivers, merged."));
    assert_eq!(arm.metric("failed").await.value, "1");
}

/// Guards against a key and prompts that follow a redirect to a server they were not meant for.
#[tokio::test]
async fn nothing_follows_a_redirect() {
    let other = Provider::start(|_| Answer::ok(20, "taken")).await;
    let location: &'static str = format!("{}/chat/completions", other.base_url).leak();
    let headers: &'static [(&str, &str)] = vec![("location", location)].leak();
    let provider =
        Provider::start(move |_| Answer::Status { after_ms: 0, status: 307, headers, body: Json::Null })
            .await;
    let page = Page::live(&provider.base_url, &scenario()).await;
    let arm = page.arm("voting");
    arm.run_live().await;
    let said = arm.result("voter-1").await.unwrap();
    assert!(said.contains("sends requests on to another address"), "{said}");
    assert_eq!((other.posts().len(), arm.metric("retries").await.value.as_str()), (0, "0"));
}

fn failure(status: u16, message: &str) -> Answer {
    let body = completion::error(message, "invalid_request_error", None);
    Answer::Status { after_ms: 20, status, headers: &[], body }
}
