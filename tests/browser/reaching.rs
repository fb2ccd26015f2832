//! Servers that the browser itself keeps a page from, by where the page is from: what the connection
//! check says of them, and what becomes of a run.

use serde_json::json;

use crate::browser::Browser::{self, Chromium, WebKit};
use crate::browser::{Wish, only_in};
use crate::checking::found;
use crate::page::Page;
use crate::provider::{Answer, Provider};
use crate::scenario::scenario;
use crate::site::Site;

/// Why two tests are for Chromium.
const LOCAL_NETWORK: &str = "no other browser keeps pages of the web from this machine";

async fn provider() -> Provider {
    Provider::start(|_| Answer::ok(10, "Oslo")).await
}

/// The page with a scenario, in a browser as wished.
async fn page(url: &str, wishes: &[Wish]) -> Page {
    let page = Page::open_with(url, wishes).await;
    page.wait_for_state("done").await;
    page.open_scenario(&scenario()).await;
    page.choose_live().await;
    page
}

async fn checked(page: &Page, base_url: &str) -> String {
    page.click("Settings").await;
    let found = found(page, base_url, "").await;
    page.click("Done").await;
    found
}

/// All voters of a run fail with a sentence about the browser, at once and without a retry, and nothing
/// else of the page suffers from it.
async fn fails_in_the_browser(page: &Page, base_url: &str) {
    page.set_endpoint(base_url, true).await;
    let before = [page.arm("sectioning").outcome().await, page.arm("map-reduce").outcome().await];
    let arm = page.arm("voting");
    arm.run_live().await;
    for voter in 1..=5 {
        let result = arm.result(&format!("voter-{voter}")).await.unwrap();
        assert!(result.contains("The browser does not let this page reach"), "{result}");
        assert!(result.contains("“Check connection” under Settings"), "{result}");
    }
    assert_eq!(arm.metric("failed").await.value, "5");
    assert_eq!(arm.metric("retries").await.value, "0");
    let after = [page.arm("sectioning").outcome().await, page.arm("map-reduce").outcome().await];
    assert_eq!(after, before);
    page.choose_simulated().await;
    page.wait_for_state("done").await;
    page.choose_live().await;
}

async fn works(page: &Page, provider: &Provider) {
    let said = checked(page, &provider.base_url).await;
    assert!(said.contains("lists 1 model"), "{said}");
    page.set_endpoint(&provider.base_url, true).await;
    page.arm("voting").run_live().await;
    assert_eq!(provider.posts().len(), 5);
    let outcome = page.arm("voting").outcome().await;
    assert!(outcome.contains("Oslo"), "{outcome}");
}

/// Guards against a page of the web that does not know why a model on this machine stays silent, and
/// against advice that does not help.
#[tokio::test]
async fn a_page_that_may_not_reach_this_machine_says_what_to_allow() {
    if !only_in(&[Chromium], LOCAL_NETWORK) {
        return;
    }
    let (site, provider) = (Site::start_secure().await, provider().await);
    let page = page(&site.url, &[Wish::AnyCertificate, Wish::OfTheWeb(site.port())]).await;
    // Headless, the browser asks nobody and says no.
    let said = checked(&page, &provider.base_url).await;
    assert!(said.contains("does not let this page reach 127.0.0.1:"), "{said}");
    assert!(said.contains("Allow “local network access” for this page"), "{said}");
    fails_in_the_browser(&page, &provider.base_url).await;
    assert_eq!(provider.posts().len(), 0);

    let allowed = json!({"permission": {"name": "loopback-network"}, "setting": "granted"});
    page.driver.cdp("Browser.setPermission", allowed).await;
    works(&page, &provider).await;
}

/// Guards against advice to allow what no setting allows.
#[tokio::test]
async fn a_page_of_the_web_over_http_is_to_be_opened_over_https() {
    if !only_in(&[Chromium], LOCAL_NETWORK) {
        return;
    }
    let (site, provider) = (Site::start().await, provider().await);
    let url = site.url.replace("127.0.0.1", "fanout.test");
    let page = page(&url, &[Wish::OwnNames, Wish::OfTheWeb(site.port())]).await;
    let said = checked(&page, &provider.base_url).await;
    assert!(said.contains("Open this page over https"), "{said}");
    fails_in_the_browser(&page, &provider.base_url).await;
    assert_eq!(provider.posts().len(), 0);

    // What is not on this machine is none of that permission's business.
    let said = checked(&page, "https://nobody.test:9/v1").await;
    assert!(said.contains("Nothing listens there"), "{said}");
}

#[tokio::test]
async fn a_page_over_https_may_call_this_machine_over_http_and_no_other() {
    let (site, provider) = (Site::start_secure().await, provider().await);
    let page = page(&site.url, &[Wish::AnyCertificate, Wish::OwnNames]).await;
    let elsewhere = provider.base_url.replace("127.0.0.1", "llm.test");
    let said = checked(&page, &elsewhere).await;
    assert!(said.contains("A page that came over https may not call llm.test:"), "{said}");
    assert!(said.contains("Use an https address"), "{said}");
    fails_in_the_browser(&page, &elsewhere).await;
    assert_eq!(provider.posts().len(), 0);
    if Browser::chosen() != WebKit {
        works(&page, &provider).await;
        return;
    }
    // WebKit lets it call no machine at all over http, and tells the page nothing of it.
    let said = checked(&page, &provider.base_url).await;
    assert!(said.contains("browsers on WebKit let no page that came over https call this machine"), "{said}");
}
