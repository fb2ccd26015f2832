//! The page in a frame of another origin: looked at, never stored, never asked for a key.

use axum::Router;
use axum::response::Html;
use fantoccini::Locator;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

use crate::driver::Driver;
use crate::page::Page;
use crate::poll::until;
use crate::site::Site;

/// Notes every attempt to store something or to change the address.
const WATCH: &str = "
    window.touched = [];
    for (const [owner, names] of [
        [Storage.prototype, ['setItem', 'removeItem', 'clear']],
        [History.prototype, ['pushState', 'replaceState']],
        [IDBFactory.prototype, ['open']],
        [CacheStorage.prototype, ['open']],
    ]) {
        for (const name of names) {
            const usual = owner[name];
            owner[name] = function (...words) { window.touched.push(name); return usual.apply(this, words); };
        }
    }";

/// What a browser does that lets no frame store anything.
const REFUSE: &str = "
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
        Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });
    }";

/// All that is stored under the page's origin.
const STORED: &str = "return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])";

/// A page on another origin with the address in a frame. It notes what the frame tells it.
async fn around(address: &str) -> String {
    let html = format!(
        "<!DOCTYPE html><title>Lesson</title>
        <script>
            window.told = [];
            addEventListener('message', ({{ source, data }}) => {{
                const frame = document.querySelector('iframe');
                if (source !== frame.contentWindow) return;
                window.told.push(data);
                frame.height = data;
            }});
        </script>
        <iframe src=\"{}\" title=\"Fanout\" width=\"600\" height=\"400\" allow=\"clipboard-write\"></iframe>",
        address.replace('&', "&amp;")
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().fallback(move || async move { Html(html) });
    tokio::spawn(async move {
        let _ = axum::serve(listener, router).await;
    });
    url
}

/// The page within the frame of another one, in a browser with a script before every page.
async fn framed(address: &str, script: &str) -> Page {
    let driver = Driver::start().await;
    driver.before_every_page(script).await;
    let page = Page { driver };
    show(&page, address).await;
    page
}

async fn show(page: &Page, address: &str) {
    page.driver.client.goto(&around(address).await).await.unwrap();
    let frame = page.driver.client.find(Locator::Css("iframe")).await.unwrap();
    frame.enter_frame().await.unwrap();
}

async fn text(page: &Page, script: &str) -> String {
    page.read(script, vec![]).await.as_str().unwrap_or_default().to_string()
}

#[tokio::test]
async fn a_frame_stores_nothing_and_leaves_its_address() {
    let site = Site::start().await;
    let page = Page { driver: Driver::start().await };
    page.driver.before_every_page(WATCH).await;
    page.visit(&site.url).await;
    page.wait_for_state("done").await;
    page.set_endpoint("https://endpoint-of-mine.example/v1", true).await;
    page.read("localStorage.setItem('of another page', 'ä')", vec![]).await;
    let stored = text(&page, STORED).await;
    assert!(stored.contains("endpoint-of-mine") && stored.contains("ä"), "{stored}");

    let address = format!("{}#/gettysburg.1&cap=3&colour=red&embed=1&v=list", site.url);
    show(&page, &address).await;
    page.wait_for_state("done").await;
    page.wait_for_notice(&["colour=red"]).await;
    for name in ["Play", "Waterfall", "Voting", "Run Voting"] {
        if let Some(button) = page.find("button", name).await {
            button.click().await.unwrap();
        }
    }
    page.wait_for_state("done").await;
    assert_eq!(page.read("return window.touched", vec![]).await, json!([]));
    assert_eq!(text(&page, STORED).await, stored);
    assert_eq!(text(&page, "return location.href").await, address);
    for (role, name) in
        [("button", "Settings"), ("input", "Live"), ("button", "Share"), ("input", "Concurrency")]
    {
        assert!(page.find(role, name).await.is_none(), "{name} is there");
    }
    let full = page.button("Open in full").await.attr("href").await.unwrap().unwrap();
    assert!(full.ends_with("#/gettysburg.1&cap=3&colour=red&v=list"), "{full}");
}

/// Guards against a page around the frame that learns more than a height.
#[tokio::test]
async fn a_frame_tells_its_height_and_nothing_else() {
    let site = Site::start().await;
    let page = framed(&format!("{}#/&embed=1&arm=2&hide=answers,legend", site.url), WATCH).await;
    page.wait_for_state("done").await;
    let height = until("a height", async || {
        let height =
            page.read("return Math.ceil(document.body.getBoundingClientRect().height)", vec![]).await;
        (height.as_u64()? > 200).then_some(height)
    })
    .await;
    assert!(page.find("button", "Run Voting").await.is_none(), "editing and running is for the page itself");
    for hidden in [".answers", ".legend", "[data-arm=sectioning]", ".editor"] {
        let shown = format!("return document.querySelector('{hidden}').checkVisibility()");
        assert_eq!(page.read(&shown, vec![]).await, false, "{hidden}");
    }
    page.driver.client.clone().enter_parent_frame().await.unwrap();
    let told = until("what the frame told", async || {
        let told = page.read("return window.told", vec![]).await;
        (told.as_array()?.last()? == &height).then_some(told)
    })
    .await;
    assert!(told.as_array().unwrap().iter().all(Json::is_number), "{told}");
}

/// Guards against a page that breaks down where a browser keeps frames from storing.
#[tokio::test]
async fn a_frame_works_where_nothing_can_be_stored() {
    let site = Site::start().await;
    let page = framed(&format!("{}#/bill-of-rights.1&embed=1&theme=dark", site.url), REFUSE).await;
    page.wait_for_state("done").await;
    for arm in page.arms() {
        until("an outcome", async || (!arm.outcome().await.is_empty()).then_some(())).await;
    }
    assert_eq!(text(&page, "return getComputedStyle(document.documentElement).colorScheme").await, "dark");
    assert_eq!(page.driver.console_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_frame_waits_for_a_click_where_it_is_asked_to() {
    let site = Site::start().await;
    let page = framed(&format!("{}#/aesop.1&embed=1&load=click", site.url), WATCH).await;
    let load = page.named("button", "Load the run").await;
    assert_eq!(page.state().await, None);
    load.click().await.unwrap();
    page.wait_for_state("done").await;
    assert!(page.find("button", "Load the run").await.is_none());
}
