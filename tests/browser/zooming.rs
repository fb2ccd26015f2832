//! Nearer to a part of the time axis.

use std::time::Duration;

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, PointerAction, TouchActions};
use serde_json::json;

use crate::page::Page;
use crate::poll::until;
use crate::site::Site;

/// The times on the axis of an arm.
async fn ticks(page: &Page) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[data-arm=sectioning] .tick')].map((tick) => tick.textContent)";
    serde_json::from_value(page.read(script, vec![]).await).unwrap()
}

/// Two fingers, which begin at shares of a bar's track and end at others.
async fn pinch(page: &Page, fingers: [[f64; 2]; 2]) {
    let script = "const track = document.querySelectorAll('[data-arm=sectioning] .track')[2];
        track.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = track.getBoundingClientRect();
        return [x, y + height / 2, width]";
    let [x, y, width]: [f64; 3] = serde_json::from_value(page.read(script, vec![]).await).unwrap();
    let to = |share: f64, ms| PointerAction::MoveTo {
        duration: Some(Duration::from_millis(ms)),
        x: (x + share * width).round(),
        y: y.round(),
    };
    let [one, other] = [("one", fingers[0]), ("other", fingers[1])].map(|(name, [from, until])| {
        TouchActions::new(name.to_string())
            .then(to(from, 0))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(to((from + until) / 2.0, 100))
            .then(to(until, 100))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })
    });
    page.driver.client.perform_actions(fantoccini::actions::Actions::from(one).and(other)).await.unwrap();
}

/// Guards against a phone on which short refusals can never be told apart.
#[tokio::test]
async fn two_fingers_come_nearer_and_go_back() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    let whole = ticks(&page).await;
    // WebKit's driver has no fingers.
    if page.read("return navigator.userAgent.includes('AppleWebKit/605')", vec![]).await == json!(true) {
        return;
    }
    pinch(&page, [[0.4, 0.1], [0.6, 0.9]]).await;
    let nearer = until("a part", async || Some(ticks(&page).await).filter(|ticks| *ticks != whole)).await;
    assert!(!nearer.contains(&"0 s".to_string()), "{nearer:?}");
    assert_eq!(page.read("return visualViewport.scale", vec![]).await, json!(1));
    pinch(&page, [[0.1, 0.45], [0.9, 0.55]]).await;
    until("the whole", async || (ticks(&page).await == whole).then_some(())).await;
}

/// Guards against a first step into the middle, where most arms have nothing to see.
#[tokio::test]
async fn the_whole_is_looked_at_from_its_beginning() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.click("Zoom in").await;
    page.click("Zoom in").await;
    let nearer = ticks(&page).await;
    assert!(nearer.first().is_some_and(|first| first == "0 s") && nearer.len() > 2, "{nearer:?}");
}
