//! A server that does not take one of the page's optional fields is asked once more without it, and
//! the page says so.

use serde_json::json;

use crate::completion;
use crate::page::Page;
use crate::provider::{Answer, Provider};
use crate::scenario::scenario;

#[tokio::test]
async fn a_field_the_server_does_not_take_is_left_out_and_named() {
    let provider = Provider::start(|asked| match asked.nth {
        0 => {
            let message = "This model does not support 'response_format'.";
            let body = completion::error(message, "invalid_request_error", Some("unsupported_parameter"));
            Answer::Status { after_ms: 10, status: 400, headers: &[], body }
        }
        _ => Answer::ok(10, "Oslo"),
    })
    .await;
    let mut scenario = scenario();
    scenario["limits"]["concurrency"] = json!(1);
    let page = Page::live(&provider.base_url, &scenario).await;
    page.arm("voting").run_live().await;
    let notice = page.wait_for_notice(&["does not take a json schema"]).await;
    assert!(notice.contains("left out"), "{notice}");
    let posts = provider.posts();
    assert_eq!(posts.len(), 6, "five votes, and the first of them twice");
    assert!(posts[0].body.get("response_format").is_some());
    assert!(posts[1..].iter().all(|post| post.body.get("response_format").is_none()));
    assert_eq!(page.arm("voting").metric("retries").await.value, "0", "it is still one attempt");
}
