//! Bad input gets a sentence, and the rest of the page goes on.

use serde_json::{Value as Json, json};

use crate::page::Page;
use crate::poll::until;
use crate::scenario::scenario;
use crate::site::Site;

#[tokio::test]
async fn a_malformed_file_gets_a_sentence_and_a_good_one_still_opens() {
    let page = first_view().await;
    for (name, contents) in [
        ("cut.json", r#"{"fanout": 1, "title": "#),
        ("other.json", r#"[1, 2, 3]"#),
        ("newer.json", r#"{"fanout": 99}"#),
        ("picture.json", "\u{0}\u{1}\u{2}PNG"),
    ] {
        page.open_file(name, contents).await;
        page.wait_for_notice(&[name]).await;
    }
    page.open_scenario(&scenario()).await;
    page.wait_for_state("done").await;
}

#[tokio::test]
async fn an_empty_document_is_named() {
    let mut scenario = scenario();
    scenario["map_reduce"]["documents"][1] = json!({"id": "blank-page", "text": ""});
    gets_a_sentence(&scenario, "blank-page", &["sectioning", "voting"]).await;
}

#[tokio::test]
async fn no_voters_are_named() {
    let mut scenario = scenario();
    scenario["voting"]["votes"] = json!(0);
    gets_a_sentence(&scenario, "vote", &["sectioning", "map-reduce"]).await;
}

#[tokio::test]
async fn a_very_long_prompt_runs_and_is_offered_as_a_file() {
    let mut scenario = scenario();
    scenario["sectioning"]["section_prompt"]["user"] =
        json!(format!("SECTION {{section}}\n{}", prose(300_000)));
    let page = first_view().await;
    page.open_scenario(&scenario).await;
    page.wait_for_state("done").await;
    assert_ne!(page.arm("sectioning").outcome().await, "");

    page.click("Share").await;
    let said = until("a dialog", async || page.dialog().await).await;
    assert!(said.contains("as a file"), "{said}");
    assert_eq!(page.link().await, None);
}

#[tokio::test]
async fn an_unreachable_endpoint_is_named_and_the_other_arms_stay() {
    let mut scenario = scenario();
    scenario["limits"]["attempts"] = json!(1);
    let page = Page::live("http://127.0.0.1:9/v1", &scenario).await;
    let before = [page.arm("sectioning").outcome().await, page.arm("map-reduce").outcome().await];
    let voting = page.arm("voting");
    voting.run_live().await;

    let said = format!("{}\n{}", voting.text().await, page.notices().await);
    assert!(said.contains("127.0.0.1:9"), "{said}");
    let after = [page.arm("sectioning").outcome().await, page.arm("map-reduce").outcome().await];
    assert_eq!(after, before);
    page.choose_simulated().await;
    page.click("Run all").await;
    page.wait_for_state("done").await;
}

/// Opens a scenario with a mistake; the page says `word`, and the other arms have an outcome.
async fn gets_a_sentence(scenario: &Json, word: &str, others: &[&str]) {
    let page = first_view().await;
    page.open_scenario(scenario).await;
    page.wait_for_notice(&[word]).await;
    page.wait_for_state("done").await;
    for name in others {
        until(&format!("an outcome of {name}"), async || {
            (!page.arm(name).outcome().await.is_empty()).then_some(())
        })
        .await;
    }
}

async fn first_view() -> Page {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page
}

/// Text of so many characters that packs badly, the same each time.
fn prose(n: usize) -> String {
    let mut state: u64 = 1;
    let next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match state >> 59 {
            0..=25 => char::from(b'a' + (state >> 59) as u8),
            _ => ' ',
        }
    };
    std::iter::repeat_with(next).take(n).collect()
}
