//! Links that chats cut, that changed on the way or that come from a newer page.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;

use crate::arm::Metric;
use crate::page::Page;
use crate::poll::until;
use crate::scenario::scenario;
use crate::site::Site;

const CUT: &str = "incomplete";
const CHANGED: &str = "changed on the way";
const NEWER: &str = "newer version";

#[tokio::test]
async fn a_truncated_link_is_called_incomplete() {
    let (page, link) = shared().await;
    let payload = link.find("#/").unwrap() + "#/s1z.".len();
    for kept in [1, 2, 4] {
        let cut = payload + (link.len() - payload) * kept / 5;
        says(&page, &link[..cut], CUT).await;
    }
    the_default_is_one_click_away(&page).await;
}

#[tokio::test]
async fn a_link_from_a_newer_version_is_named_as_such() {
    let site = Site::start().await;
    let page = Page::open(&format!("{}#/s9z.xxxx", site.url)).await;
    page.wait_for_notice(&[NEWER]).await;
    the_default_is_one_click_away(&page).await;
}

/// Guards against links that a mail program wrote anew and that then lead nowhere.
#[tokio::test]
async fn a_link_whose_number_sign_was_encoded_is_mended() {
    let site = Site::start_under("/at/some/path/").await;
    for lost in ["%23%2Fbill-of-rights.1%26n%3D7", "%2523%252Fbill-of-rights.1%2526n%253D7"] {
        let page = Page::open(&format!("{}{lost}", site.url)).await;
        page.wait_for_state("done").await;
        let votes = "return find('input[type=range]', 'Votes').value";
        assert_eq!(page.read(votes, vec![]).await, "7", "{lost}");
    }
}

#[tokio::test]
async fn a_changed_character_is_noticed_or_harmless() {
    let (page, link) = shared().await;
    let numbers = all_metrics(&page).await;
    let payload = link.find("#/").unwrap() + "#/s1z.".len();
    let n = link.len() - payload;
    for at in [0, n / 4, n / 2, 3 * n / 4, n - 1].map(|offset| payload + offset) {
        let other = if &link[at..=at] == "A" { "B" } else { "A" };
        page.visit(&format!("{}{other}{}", &link[..at], &link[at + 1..])).await;
        until(&format!("words about character {at}, or the very same scenario"), async || {
            let notices = page.notices().await;
            let noticed = notices.contains(CUT) || notices.contains(CHANGED);
            let done = page.state().await.as_deref() == Some("done");
            (noticed || done && all_metrics(&page).await == numbers).then_some(())
        })
        .await;
    }
}

/// Guards against a short link that takes the browser's memory.
#[tokio::test]
async fn a_bomb_is_refused() {
    let site = Site::start().await;
    let packed = compress_to_vec_zlib(&vec![b' '; 40 << 20], 9);
    let link = format!("{}#/s1z.{}", site.url, BASE64_URL_SAFE_NO_PAD.encode(packed));
    assert!(link.len() < 64_000, "{}", link.len());
    let page = Page::open(&link).await;
    page.wait_for_notice(&["larger than a link may be"]).await;
    the_default_is_one_click_away(&page).await;
}

/// The page with a scenario, and its link.
async fn shared() -> (Page, String) {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(&scenario()).await;
    let link = page.share().await;
    (page, link)
}

async fn says(page: &Page, url: &str, words: &str) {
    page.visit(url).await;
    page.wait_for_notice(&[words]).await;
}

async fn the_default_is_one_click_away(page: &Page) {
    page.click("Open the default scenario").await;
    page.wait_for_state("done").await;
    for arm in page.arms() {
        until("an outcome", async || (!arm.outcome().await.is_empty()).then_some(())).await;
    }
}

async fn all_metrics(page: &Page) -> Vec<BTreeMap<String, Metric>> {
    let mut all = Vec::new();
    for arm in page.arms() {
        all.push(arm.metrics().await);
    }
    all
}
