//! Links and files: the same scenario gives the same numbers elsewhere, and no secret leaves.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use miniz_oxide::inflate::decompress_to_vec_zlib;
use serde_json::{Value as Json, json};

use crate::page::{API_KEY, MODEL, Page};
use crate::scenario::scenario;
use crate::site::Site;

const BASE_URL: &str = "https://endpoint-of-mine.example/v1";
const HOST: &str = "endpoint-of-mine";

#[tokio::test]
async fn a_link_gives_the_same_numbers_in_another_browser() {
    let site = Site::start().await;
    let sender = opened(&site).await;
    let receiver = Page::open(&sender.share().await).await;
    receiver.wait_for_state("done").await;
    for (sent, received) in sender.arms().iter().zip(receiver.arms()) {
        let metrics = sent.metrics().await;
        assert!(!metrics.is_empty());
        assert_eq!(received.metrics().await, metrics, "{}", sent.name);
        assert_eq!(received.outcome().await, sent.outcome().await);
    }
}

#[tokio::test]
async fn links_and_files_hold_the_scenario_and_no_setting() {
    let site = Site::start().await;
    let page = opened(&site).await;
    page.set_endpoint(BASE_URL, true).await;

    let file = page.download("Download scenario").await;
    assert_no_secret(&file);
    let saved: Json = serde_json::from_slice(&file).unwrap();
    for (name, value) in scenario().as_object().unwrap() {
        assert_eq!(&saved[name], value, "{name} in the downloaded file");
    }

    let link = page.share().await;
    assert_no_secret(link.as_bytes());
    let packed = link.split_once("#/s1z.").expect("a link with the scenario in it").1;
    let packed = packed.split('&').next().unwrap_or_default();
    let bytes = decompress_to_vec_zlib(&BASE64_URL_SAFE_NO_PAD.decode(packed).unwrap()).unwrap();
    assert_no_secret(&bytes);
    let shared: Json = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(shared["sectioning"]["topic"], json!("Rivers"), "{shared}");
}

async fn opened(site: &Site) -> Page {
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(&scenario()).await;
    page.wait_for_state("done").await;
    page
}

#[track_caller]
fn assert_no_secret(bytes: &[u8]) {
    for secret in [API_KEY, BASE_URL, HOST, MODEL] {
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret} is in {}", String::from_utf8_lossy(bytes));
    }
}
