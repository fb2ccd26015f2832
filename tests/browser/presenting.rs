//! Before an audience: large type, the keys of a remote control, a verdict that waits.

use serde_json::json;

use crate::browser::Wish;
use crate::page::Page;
use crate::poll::until;
use crate::site::Site;

const RIGHT: &str = "\u{E014}";
const LEFT: &str = "\u{E012}";
const PAGE_UP: &str = "\u{E00E}";
const PAGE_DOWN: &str = "\u{E00F}";
const ESCAPE: &str = "\u{E00C}";

/// The instant that is shown, in milliseconds.
async fn at_ms(page: &Page) -> u64 {
    let slider = "return Number(document.querySelector('.scrubber input').value)";
    page.read(slider, vec![]).await.as_u64().unwrap()
}

async fn style(page: &Page, selector: &str, property: &str) -> String {
    let script = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]";
    page.read(script, vec![json!(selector), json!(property)]).await.as_str().unwrap_or_default().to_string()
}

async fn pixels(page: &Page, selector: &str) -> f64 {
    style(page, selector, "fontSize").await.trim_end_matches("px").parse().unwrap()
}

async fn is_seen(page: &Page, selector: &str) -> bool {
    let script = "return document.querySelector(arguments[0])?.checkVisibility({ visibilityProperty: true })";
    page.read(script, vec![json!(selector)]).await == true
}

/// The page with a line where the verdict stands.
async fn opened(fragment: &str) -> Page {
    opened_with(fragment, &[]).await
}

async fn opened_with(fragment: &str, wishes: &[Wish]) -> Page {
    let site = Site::start().await;
    let page = Page::open_with(&format!("{}{fragment}", site.url), wishes).await;
    page.wait_for_state("done").await;
    let script = "
        if (document.querySelector('[data-verdict]')) return;
        const line = Object.assign(document.createElement('p'), { textContent: 'Use it.' });
        line.dataset.verdict = '';
        document.querySelector('main').prepend(line)";
    page.read(script, vec![]).await;
    page
}

#[tokio::test]
async fn a_presentation_is_large_and_bare_and_ends() {
    let page = opened("").await;
    let usual = pixels(&page, "h1").await;
    assert!(is_seen(&page, "[data-verdict]").await);
    page.click("Present").await;
    // Until it is there WebKit bears no key that ends it.
    let fills_screen = "return document.fullscreenElement !== null";
    until("the whole screen", async || (page.read(fills_screen, vec![]).await == true).then_some(())).await;
    until("large type", async || (pixels(&page, "h1").await >= 1.2 * usual - 0.1).then_some(())).await;
    for away in [".bar", ".editor", ".layout-bar", ".more", "[data-verdict]"] {
        assert!(!is_seen(&page, away).await, "{away}");
    }
    assert!(page.find("input[type=range]", "Concurrency").await.is_some());
    assert!(is_seen(&page, ".presenter-keys").await);
    page.press(ESCAPE).await;
    until("the page again", async || (pixels(&page, "h1").await == usual).then_some(())).await;
    assert!(is_seen(&page, ".bar").await && is_seen(&page, "[data-verdict]").await);
}

#[tokio::test]
async fn the_keys_of_a_remote_control_work() {
    let page = opened("#/bill-of-rights.1&present=1").await;
    assert_eq!(at_ms(&page).await, 0, "it begins before the run");
    for (forward, back) in [(RIGHT, LEFT), (PAGE_DOWN, PAGE_UP)] {
        page.press(forward).await;
        page.press(forward).await;
        let there = until("a later event", async || Some(at_ms(&page).await).filter(|ms| *ms > 0)).await;
        page.press(back).await;
        until("an earlier event", async || (at_ms(&page).await < there).then_some(())).await;
    }
    for key in [" ", "."] {
        page.press(key).await;
        page.named("button", "Pause").await;
        page.press(key).await;
        page.named("button", "Play").await;
    }
    page.press("2").await;
    until("voting alone", async || (!is_seen(&page, "[data-arm=sectioning]").await).then_some(())).await;
    assert!(is_seen(&page, "[data-arm=voting]").await);
    page.press("0").await;
    until("all arms", async || is_seen(&page, "[data-arm=sectioning]").await.then_some(())).await;
}

#[tokio::test]
async fn the_verdict_waits_and_the_screen_goes_black() {
    let page = opened("#/gettysburg.1&present=1").await;
    assert!(!is_seen(&page, "[data-verdict]").await);
    page.press("v").await;
    until("the verdict", async || is_seen(&page, "[data-verdict]").await.then_some(())).await;
    page.press("b").await;
    until("a black screen", async || (!is_seen(&page, "main").await).then_some(())).await;
    assert_eq!(style(&page, "html", "backgroundColor").await, "rgb(0, 0, 0)");
    page.press("b").await;
    until("light", async || is_seen(&page, "main").await.then_some(())).await;
    page.press(ESCAPE).await;
    page.click("Present").await;
    until("a verdict that waits again", async || {
        (!is_seen(&page, "[data-verdict]").await && !is_seen(&page, ".bar").await).then_some(())
    })
    .await;
}

/// Guards against a presentation that shows nothing where motion is not wanted.
#[tokio::test]
async fn it_works_with_less_motion() {
    let page = opened_with("", &[Wish::LessMotion]).await;
    page.click("Present").await;
    until("a hint", async || is_seen(&page, ".presenter-keys").await.then_some(())).await;
    assert_eq!(style(&page, ".presenter-keys", "animationTimingFunction").await, "steps(1)");
    page.press(RIGHT).await;
    page.press(PAGE_DOWN).await;
    until("a later event", async || (at_ms(&page).await > 0).then_some(())).await;
}
