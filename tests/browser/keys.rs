//! A key goes to one origin, and stays nowhere it was not asked to stay.

use serde_json::json;

use crate::completion;
use crate::page::{API_KEY, Page};
use crate::poll::until;
use crate::provider::{Answer, Provider};
use crate::scenario::scenario;
use crate::site::Site;

/// Every place of the page where a key could be found, as one text: markup, what is typed apart from
/// the key's own field, storage of every kind, cookies, addresses, and what was logged.
const PLACES: &str = "
    const typed = [...document.querySelectorAll('input, textarea')]
        .filter((field) => field.type !== 'password').map((field) => field.value);
    const databases = indexedDB.databases ? (await indexedDB.databases()).map(({ name }) => name) : [];
    const cached = [];
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) cached.push(request.url);
    }
    return JSON.stringify([
        document.documentElement.outerHTML, typed, { ...localStorage }, { ...sessionStorage }, document.cookie,
        location.href, history.state, databases, cached, window.logged ?? [],
        performance.getEntriesByType('resource').map(({ name }) => name),
    ]);";

/// Notes what the page logs from now on.
const LISTEN: &str = "
    window.logged = [];
    for (const kind of ['log', 'info', 'warn', 'error', 'debug']) {
        console[kind] = (...words) => window.logged.push(words.map(String).join(' '));
    }";

async fn places(page: &Page) -> String {
    let places = page.read(&format!("return (async () => {{ {PLACES} }})()"), vec![]).await;
    places.as_str().unwrap().to_string()
}

#[tokio::test]
async fn a_key_is_in_no_storage_no_markup_no_link_no_file_and_no_log() {
    // A server that repeats the key in its error, as some do.
    let provider = Provider::start(|_| {
        let message = format!("Incorrect API key provided: {API_KEY}");
        let body = completion::error(&message, "invalid_request_error", Some("invalid_api_key"));
        Answer::Status { after_ms: 20, status: 401, headers: &[], body }
    })
    .await;
    let page = Page::live(&provider.base_url, &scenario()).await;
    page.read(LISTEN, vec![]).await;
    let arm = page.arm("sectioning");
    arm.run_live().await;
    assert!(provider.posts().iter().all(|post| post.headers["authorization"] == format!("Bearer {API_KEY}")));
    assert!(arm.text().await.contains("The key was not accepted"));
    assert!(!places(&page).await.contains(API_KEY));
    for button in ["Download scenario"] {
        let file = page.download(button).await;
        assert!(!String::from_utf8_lossy(&file).contains(API_KEY), "{button}");
    }
    page.click("Runs").await;
    for button in ["Download run", "Download trace"] {
        let file = page.download(button).await;
        assert!(!String::from_utf8_lossy(&file).contains(API_KEY), "{button}");
    }
    page.click("Done").await;
    page.read("document.querySelector('[data-arm=sectioning] .row button').click()", vec![]).await;
    page.click("Copy as curl").await;
    let inspected = page.read("return document.querySelector('.inspector').textContent", vec![]).await;
    assert!(inspected.as_str().is_some_and(|text| text.contains("Bearer $API_KEY")), "{inspected}");
    assert!(!places(&page).await.contains(API_KEY));
    page.click("Close").await;
    page.click("Settings").await;
    page.click("Copy as curl").await;
    let command = until("a command", async || {
        let read = "return document.querySelector('.commands code')?.textContent";
        page.read(read, vec![]).await.as_str().map(str::to_string)
    })
    .await;
    assert!(command.contains("Bearer $API_KEY") && !command.contains(API_KEY), "{command}");
    page.click("Done").await;
    let link = page.share().await;
    assert!(!link.contains(API_KEY), "{link}");
    assert!(!places(&page).await.contains(API_KEY));
}

#[tokio::test]
async fn a_key_is_remembered_where_that_is_asked_for_and_forgotten_too() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.set_endpoint("https://one.example/v1", true).await;
    assert!(!places(&page).await.contains(API_KEY));

    page.click("Settings").await;
    page.set_checkbox("Remember on this device", true).await;
    page.click("Done").await;
    let stored = page.read("return localStorage.getItem('fanout.keys')", vec![]).await;
    assert_eq!(stored, json!(format!(r#"{{"https://one.example": "{API_KEY}"}}"#)));

    page.visit(&site.url).await;
    page.wait_for_state("done").await;
    page.click("Settings").await;
    let typed = async |page: &Page| {
        let field = page.named("input", "API key").await;
        field.prop("value").await.unwrap().unwrap_or_default()
    };
    assert_eq!(typed(&page).await, API_KEY);
    page.set_field("Base URL", "https://other.example/v1").await;
    assert_eq!(typed(&page).await, "", "a key belongs to its origin");
    page.set_field("Base URL", "https://one.example/v1").await;
    page.click("Forget all keys").await;
    assert_eq!(typed(&page).await, "");
    page.click("Done").await;
    let stored = page.read("return localStorage.getItem('fanout.keys')", vec![]).await;
    assert_eq!(stored, json!(null));
    assert!(!places(&page).await.contains(API_KEY));
}

/// Guards against a key that travels with the scenario to whatever address is typed next.
#[tokio::test]
async fn a_key_goes_to_no_other_server() {
    let (one, other) =
        (Provider::start(|_| Answer::ok(10, "One.")), Provider::start(|_| Answer::ok(10, "Two.")));
    let (one, other) = (one.await, other.await);
    let page = Page::live(&one.base_url, &scenario()).await;
    page.click("Settings").await;
    page.set_field("Base URL", &other.base_url).await;
    page.click("Done").await;
    page.arm("voting").run_live().await;
    assert_eq!((one.posts().len(), other.posts().len()), (0, 5));
    assert!(other.posts().iter().all(|post| post.headers.get("authorization").is_none()));
}

/// Guards against a link that chooses where calls go, or that runs them.
#[tokio::test]
async fn a_scenario_with_an_endpoint_and_a_key_brings_neither() {
    let provider = Provider::start(|_| Answer::ok(10, "Never.")).await;
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    let mut planted = scenario();
    planted["base_url"] = json!(provider.base_url);
    planted["api_key"] = json!("sk-planted");
    planted["headers"] = json!({"x-planted": "1"});
    planted["limits"]["base_url"] = json!(provider.base_url);
    page.open_scenario(&planted).await;
    let notice = page.wait_for_notice(&["base_url"]).await;
    for name in ["base_url", "api_key", "headers"] {
        assert!(notice.contains(name), "{name} is named in {notice}");
    }
    page.choose_live().await;
    page.click("Settings").await;
    let base_url = page.named("input", "Base URL").await.prop("value").await.unwrap();
    assert_eq!(base_url.as_deref(), Some(""));
    page.click("Done").await;
    until("nothing to be sent", async || provider.posts().is_empty().then_some(())).await;
    assert!(!places(&page).await.contains("sk-planted"));
}
