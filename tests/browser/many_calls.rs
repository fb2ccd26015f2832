//! Runs of very many calls: what they put on the page, and what can be done with it.

use serde_json::{Value as Json, json};

use crate::page::Page;
use crate::poll::until;
use crate::scenario::scenario;
use crate::site::Site;

/// The page with a simulated map-reduce of so many documents, run.
async fn run(site: &Site, n: usize) -> Page {
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    let mut many = scenario();
    let document = |i| json!({"id": format!("leaf-{i}"), "text": "Water falls over the weir."});
    many["map_reduce"]["documents"] = (1..=n).map(document).collect();
    many["map_reduce"]["fan_in"] = json!(100);
    many["limits"]["concurrency"] = json!(100);
    page.open_scenario(&many).await;
    page.click("Map-reduce").await;
    page.click("Run all").await;
    until("lanes", async || lanes(&page).await.as_array().map(|_| ())).await;
    page
}

/// Where the canvas of map-reduce is: its size and how high the field is that it shows a part of.
async fn lanes(page: &Page) -> Json {
    let script = "const canvas = arm('map-reduce').querySelector('canvas');
        const field = canvas?.parentElement;
        return canvas && canvas.clientHeight ? [canvas.clientWidth, canvas.clientHeight, field.clientHeight] : null";
    page.read(script, vec![]).await
}

async fn count(page: &Page, selector: &str) -> u64 {
    let script = "return document.querySelectorAll(arguments[0]).length";
    page.read(script, vec![json!(selector)]).await.as_u64().expect("a number")
}

/// Guards against elements for each of ten thousand calls.
#[tokio::test]
async fn ten_thousand_calls_do_not_fill_the_page_with_elements() {
    let site = Site::start().await;
    let page = run(&site, 10_000).await;
    let labels = "[data-arm=map-reduce] .lanes .row";
    let as_lanes = count(&page, "*").await;
    assert!(as_lanes < 2500, "{as_lanes} elements");
    assert!((5..=40).contains(&count(&page, labels).await));
    for _ in 0..6 {
        page.click("Zoom in").await;
    }
    assert!((5..=40).contains(&count(&page, labels).await));

    page.click("List").await;
    let as_list = count(&page, "*").await;
    assert!(as_list < 4000, "{as_list} elements");
    assert_eq!(count(&page, "[data-arm=map-reduce] tbody tr").await, 100);
    page.click("Later").await;
    let first = "return document.querySelector('[data-arm=map-reduce] tbody th').textContent";
    assert_eq!(page.read(first, vec![]).await, "leaf-101");
    assert_eq!(count(&page, "[data-arm=map-reduce] tbody tr").await, 100);
}

/// Guards against a click that opens another call than the one that is drawn there. Which of several in a
/// lane that is, native tests say.
#[tokio::test]
async fn a_click_on_the_canvas_opens_the_call_that_is_drawn_there() {
    let site = Site::start().await;
    let page = run(&site, 1000).await;
    // Until every call has a lane of its own, as high as a row.
    for _ in 0..6 {
        page.click("Zoom in").await;
    }
    let rows = count(&page, "[data-arm=map-reduce] .lanes .row").await;
    assert!(rows > 20, "{rows} rows");
    for row in [2, rows / 2, rows - 3] {
        let script = "const row = arm('map-reduce').querySelectorAll('.lanes .row')[arguments[0]];
            const canvas = arm('map-reduce').querySelector('canvas');
            const { left, width } = canvas.getBoundingClientRect();
            const { top, height } = row.getBoundingClientRect();
            const place = { clientX: left + width / 3, clientY: top + height / 2 };
            // Without its window an event knows nothing of how far the page is scrolled.
            canvas.dispatchEvent(new MouseEvent('click', { bubbles: true, view: window, ...place }));
            return row.textContent";
        let drawn = page.read(script, vec![json!(row)]).await;
        let opened = "return document.querySelector('.inspector h2')?.textContent";
        assert_eq!(page.read(opened, vec![]).await, drawn);
    }
    // Back where it was opened from.
    page.click("Close").await;
    let focused = page.read("return document.activeElement.className", vec![]).await;
    assert_eq!(focused, "row-label");
}

#[tokio::test]
async fn the_keyboard_goes_nearer_along_and_back() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    let ticks = async || {
        let script =
            "return [...arm('map-reduce').querySelectorAll('.tick')].map((tick) => tick.textContent)";
        page.read(script, vec![]).await
    };
    let bars = async || {
        let script =
            "return [...arm('map-reduce').querySelectorAll('.phase')].map((bar) => bar.style.insetInline)";
        page.read(script, vec![]).await
    };
    let press = async |key: &str, at: &str| {
        let script = "document.querySelector(arguments[1]).dispatchEvent(
            new KeyboardEvent('keydown', { key: arguments[0], bubbles: true, cancelable: true }))";
        page.read(script, vec![json!(key), json!(at)]).await;
    };
    let (whole, whole_bars) = (ticks().await, bars().await);
    press("+", "body").await;
    let near = ticks().await;
    assert_ne!(near, whole);
    assert_ne!(bars().await, whole_bars);
    // One step along is an eighth of what is seen.
    press("ArrowRight", "[data-arm=map-reduce] .row button").await;
    let along = ticks().await;
    assert_ne!(along, near);
    press("ArrowLeft", "[data-arm=map-reduce] .row button").await;
    assert_eq!(ticks().await, near);
    // All arms have the same axis.
    let others = "return ['sectioning', 'voting'].map((name) => [...arm(name).querySelectorAll('.tick')].map((tick) => tick.textContent))";
    assert_eq!(page.read(others, vec![]).await, json!([near, near]));
    press("-", "body").await;
    assert_eq!((ticks().await, bars().await), (whole.clone(), whole_bars.clone()));
    press("+", "body").await;
    press("+", "body").await;
    press("w", "body").await;
    assert_eq!((ticks().await, bars().await), (whole, whole_bars));
}
