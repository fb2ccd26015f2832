//! Links and files: the same scenario gives the same numbers elsewhere, and no secret leaves.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use miniz_oxide::inflate::decompress_to_vec_zlib;
use serde_json::{Value as Json, json};

use crate::page::{API_KEY, MODEL, Page};
use crate::poll::until;
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

/// The fragment in the address bar.
async fn fragment(page: &Page) -> String {
    page.read("return location.hash", vec![]).await.as_str().unwrap_or_default().to_string()
}

/// The text in one of the fields of the dialog, once it is there.
async fn form(page: &Page, label: &str) -> String {
    page.read("dialog().querySelectorAll('details').forEach((part) => { part.open = true; })", vec![]).await;
    let field = page.named("textarea", label).await;
    field.prop("value").await.unwrap().unwrap_or_default()
}

async fn page_of(site: &Site, fragment: &str) -> Page {
    let page = Page::open(&format!("{}{fragment}", site.url)).await;
    page.wait_for_state("done").await;
    page
}

#[tokio::test]
async fn settings_of_a_ready_scenario_make_a_readable_link() {
    let site = Site::start().await;
    let sender = page_of(&site, "").await;
    sender.set_slider("Concurrency", 3).await;
    sender.set_slider("Votes", 9).await;
    let link = sender.share().await;
    let (_, readable) = link.split_once("#/bill-of-rights.1&cap=3&n=9&sum=").expect("a readable link");
    assert_eq!(readable.len(), 4, "{link}");
    let receiver = Page::open(&link).await;
    receiver.wait_for_state("done").await;
    let said = receiver.wait_for_notice(&["opened from a link"]).await;
    assert!(said.contains("with cap 3, n 9"), "{said}");
    for (sent, received) in sender.arms().iter().zip(receiver.arms()) {
        assert_eq!(received.metrics().await, sent.metrics().await, "{}", sent.name);
    }
    sender.click("The whole scenario").await;
    until("a full link", async || sender.link().await.filter(|link| link.contains("#/s1z."))).await;
}

/// Guards against an address that says other numbers than the screen, and against private texts in it.
#[tokio::test]
async fn the_address_bar_follows_settings_and_never_texts() {
    let site = Site::start().await;
    let page = page_of(&site, "").await;
    assert_eq!(fragment(&page).await, "");
    let n_entries = page.read("return history.length", vec![]).await;
    for value in [2, 3, 5] {
        page.set_slider("Concurrency", value).await;
    }
    until("the setting in the address", async || {
        fragment(&page).await.starts_with("#/bill-of-rights.1&cap=5&sum=").then_some(())
    })
    .await;
    assert_eq!(page.read("return history.length", vec![]).await, n_entries);
    page.read("document.querySelectorAll('details').forEach((part) => { part.open = true; })", vec![]).await;
    page.named("input, textarea", "Topic").await.send_keys(" of mine").await.unwrap();
    until("a draft", async || (fragment(&page).await == "#/draft").then_some(())).await;
}

#[tokio::test]
async fn a_link_shows_what_the_sender_looked_at_where_that_is_wanted() {
    let site = Site::start().await;
    let page = page_of(&site, "#/gettysburg.1&v=list&arm=2&t=700&sel=2.3").await;
    let is_shown = |arm: &str| format!("return document.querySelector('[data-arm={arm}]').checkVisibility()");
    let look = async |page: &Page| {
        assert_eq!(page.read(&is_shown("sectioning"), vec![]).await, false);
        assert_eq!(page.read(&is_shown("voting"), vec![]).await, true);
        assert!(page.find("[role=region]", "Voting: calls").await.is_some(), "a list");
        let at = page.read("return document.querySelector('.scrubber input').value", vec![]).await;
        assert_eq!(at, "700");
        let call = page.read("return document.querySelector('.inspector h2').textContent", vec![]).await;
        assert!(call.as_str().unwrap().contains('3'), "{call}");
    };
    look(&page).await;
    let link = page.share().await;
    assert!(link.ends_with("#/gettysburg.1"), "{link}");
    page.set_checkbox("Show what I look at", true).await;
    let link = until("a link with the view", async || {
        page.link().await.filter(|link| link.ends_with("#/gettysburg.1&v=list&arm=2&t=700&sel=2.3"))
    })
    .await;
    let other = Page::open(&link).await;
    other.wait_for_state("done").await;
    look(&other).await;
}

/// Guards against a link that quietly shows other numbers than the sender saw.
#[tokio::test]
async fn what_is_wrong_with_a_readable_link_is_said() {
    let site = Site::start().await;
    for (link, words) in [
        ("#/gettysburg.1&cap=5000", "5000 → 1000"),
        ("#/gettysburg.1&cap=4&colour=red", "colour=red"),
        ("#/gettysburg.1&cap=5&sum=0000", "changed after it was made"),
        ("#/gettysburg.7&cap=5", "newer version"),
        ("#/gettysberg.1&cap=5", "no ready scenario called “gettysberg”"),
    ] {
        let page = Page::open(&format!("{}{link}", site.url)).await;
        page.wait_for_notice(&[words]).await;
    }
}

/// Guards against a key that somebody put into a link and the next one copies from the address bar.
#[tokio::test]
async fn a_key_in_a_link_leaves_the_address_bar() {
    let site = Site::start().await;
    let page = Page::open(&format!("{}#/gettysburg.1&cap=3&api_key={API_KEY}&v=list", site.url)).await;
    page.wait_for_notice(&["api_key means nothing here"]).await;
    assert_eq!(fragment(&page).await, "#/gettysburg.1&cap=3&v=list");
    assert!(!page.notices().await.contains(API_KEY));
    // One that does not open gives way to what is on screen.
    page.read(&format!("location.hash = '#/gettysberg.1&key={API_KEY}'"), vec![]).await;
    page.wait_for_notice(&["no ready scenario called “gettysberg”", "key means nothing here"]).await;
    assert_eq!(fragment(&page).await, "#/gettysburg.1&cap=3&sum=fa3c");
}

/// Guards against links that overwrite what a person keeps in this browser.
#[tokio::test]
async fn opening_a_link_leaves_what_is_stored() {
    const STORED: &str = "return JSON.stringify({ ...localStorage })";
    let site = Site::start().await;
    let page = opened(&site).await;
    let full = page.share().await;
    page.click("Done").await;
    page.set_endpoint(BASE_URL, true).await;
    page.click("Settings").await;
    page.set_checkbox("Remember on this device", true).await;
    page.click("Done").await;
    page.read("localStorage.setItem('of another page', 'ä')", vec![]).await;
    let stored = page.read(STORED, vec![]).await;
    assert!(stored.as_str().unwrap().contains(API_KEY), "{stored}");
    for link in
        [full, format!("{}#/gettysburg.1&cap=3&v=list", site.url), format!("{}#/&present=1", site.url)]
    {
        page.visit(&link).await;
        page.wait_for_state("done").await;
        page.set_slider("Concurrency", 4).await;
        page.wait_for_state("done").await;
        assert_eq!(page.read(STORED, vec![]).await, stored, "{link}");
    }
}

#[tokio::test]
async fn a_secret_stays_out_of_a_link_unless_that_is_typed() {
    const SECRET: &str = "sk-pasted-abcdefghij0123456789";
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    let mut pasted = scenario();
    pasted["sectioning"]["topic"] = json!(format!("Rivers, with {SECRET}"));
    page.open_scenario(&pasted).await;
    let link = page.share().await;
    let said = page.dialog().await.unwrap();
    assert!(said.contains("sectioning.topic") && said.contains("sk-pas…"), "{said}");
    assert!(!said.contains(SECRET), "{said}");
    assert_eq!(unpacked(&link)["sectioning"]["topic"], json!("Rivers, with [removed]"));
    page.set_field("To keep them, type “leave them in”", "leave them in").await;
    let link = until("a link with it", async || page.link().await.filter(|other| *other != link)).await;
    assert_eq!(unpacked(&link)["sectioning"]["topic"], json!(format!("Rivers, with {SECRET}")));

    // A file is somebody's own work: nothing is taken out of it, but it is said.
    page.click("Done").await;
    let file: Json = serde_json::from_slice(&page.download("Download scenario").await).unwrap();
    assert_eq!(file["sectioning"]["topic"], json!(format!("Rivers, with {SECRET}")));
    let said = page.wait_for_notice(&["looks like a secret", "sectioning.topic"]).await;
    assert!(!said.contains(SECRET), "{said}");
    page.click("Runs").await;
    page.download("Download run").await;
    until("a warning", async || page.dialog().await.filter(|said| said.contains("looks like a secret")))
        .await;
}

#[tokio::test]
async fn a_link_has_a_code_and_forms_for_other_places() {
    let site = Site::start().await;
    let page = page_of(&site, "#/gettysburg.1&cap=4").await;
    let link = page.share().await;
    assert_eq!(
        page.driver.role_and_name(&page.named("svg", "QR code of the link").await).await.1,
        "QR code of the link"
    );
    page.click("Show large").await;
    page.click("Show small").await;
    page.button("Show large").await;
    let title = page.read("return document.querySelector('h1').textContent", vec![]).await;
    let title = title.as_str().unwrap();
    let markdown = until("a verdict", async || {
        Some(form(&page, "Markdown").await).filter(|markdown| markdown.starts_with(&format!("[{title}: ")))
    });
    let markdown = markdown.await;
    assert!(markdown.contains("Don’t.") && markdown.ends_with(&format!("]({link})")), "{markdown}");
    let frame = form(&page, "Embed").await;
    let address = link.replace('&', "&amp;");
    assert!(
        frame.starts_with(&format!("<iframe src=\"{address}&amp;embed=1\" title=\"{title}\"")),
        "{frame}"
    );
    assert!(frame.contains("allow=\"clipboard-write\""), "{frame}");
    page.click("The whole scenario").await;
    until("words about the code", async || page.dialog().await.filter(|said| said.contains("No QR code")))
        .await;
}

fn unpacked(link: &str) -> Json {
    let packed = link.split_once("#/s1z.").expect("a full link").1;
    let bytes = decompress_to_vec_zlib(&BASE64_URL_SAFE_NO_PAD.decode(packed).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
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
