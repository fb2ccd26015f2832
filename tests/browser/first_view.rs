//! What a person sees without a click.

use std::time::Duration;

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};

use crate::arm::METRICS;
use crate::page::Page;
use crate::poll::until;
use crate::site::Site;

#[tokio::test]
async fn first_view_shows_three_finished_arms_at_the_root() {
    shows_three_finished_arms(Site::watched("/").await).await;
}

#[tokio::test]
async fn first_view_shows_three_finished_arms_under_a_sub_path() {
    shows_three_finished_arms(Site::watched("/sub/path/").await).await;
}

async fn shows_three_finished_arms(site: Site) {
    let page = Page::open(&site.url).await;
    page.wait_for_state_within("done", Duration::from_secs(10)).await;

    let mut regions = Vec::new();
    for region in page.regions().await {
        assert!(region.is_displayed().await.unwrap());
        regions.push(page.driver.role_and_name(&region).await);
    }
    let expected =
        ["Sectioning", "Voting", "Map-reduce"].map(|name| ("region".to_string(), name.to_string()));
    assert_eq!(regions, expected);

    for arm in page.arms() {
        assert_ne!(arm.outcome().await, "", "outcome of {}", arm.name);
        for name in METRICS {
            let metric = arm.metric(name).await;
            let is_unknown = metric.certainty == "unknown";
            assert!(
                ["known", "estimated", "unknown"].contains(&metric.certainty.as_str()),
                "{name}: {metric:?}"
            );
            assert_eq!(metric.value.is_empty(), is_unknown, "{} {name}: {metric:?}", arm.name);
            assert!(is_unknown || metric.value.parse::<f64>().is_ok(), "{} {name}: {metric:?}", arm.name);
        }
    }
    page.assert_quiet(&[&site.url], "at first").await;
}

/// Guards against a page that stands still without a word: a panic reaches the browser as a trap.
#[tokio::test]
async fn a_trap_shows_what_to_do() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    // A browser tells the page nothing of what a test's own script throws, so the events are made, of
    // the page's own errors: in Firefox a test's script has others.
    let error = "new ErrorEvent('error', { error })";
    let rejection =
        "new PromiseRejectionEvent('unhandledrejection', { promise: Promise.resolve(), reason: error })";
    for event in [error, rejection] {
        for (name, hidden) in [("Error", true), ("WebAssembly.RuntimeError", false)] {
            let script = format!(
                "const error = new window.{name}('unreachable'), crashed = document.getElementById('crashed'); \
                 crashed.hidden = true; dispatchEvent({event}); return crashed.hidden"
            );
            assert_eq!(page.read(&script, vec![]).await, hidden, "{script}");
        }
    }
}

/// Guards against a verdict that only looks as if it were there: what it says stands in the page before
/// the program, and is found out again once somebody does something.
#[tokio::test]
async fn the_first_advice_is_there_to_be_taken() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    let holds = async |condition: &str| {
        let script = "const drawn = document.querySelector('[data-verdict]:not([role])'), \
                      told = document.querySelector('[data-verdict][role]').textContent;";
        page.read(&format!("{script} return {condition}"), vec![]).await == true
    };
    assert!(holds("told === '' && drawn.querySelector('[inert]') === null").await);

    let findings = page.named("summary", "All findings").await;
    findings.click().await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(holds("told === '' && drawn.querySelector('details').open").await, "it was told a second time");

    takes_the_advice(&page).await;
    until("another verdict", async || holds("drawn === null && told !== ''").await.then_some(())).await;
}

/// Guards against advice that is lost because nothing was found out yet.
#[tokio::test]
async fn advice_taken_at_once_is_taken_once_it_is_known() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    takes_the_advice(&page).await;
}

/// Guards against a press that is lost because the program was still on its way.
#[tokio::test]
async fn what_is_pressed_before_the_program_is_there_is_done_then() {
    let site = Site::start_with(
        "const get = fetch;
         window.fetch = async (...asked) => {
             if (String(asked[0]).includes('.wasm')) await new Promise((done) => (window.letIn = done));
             return get(...asked);
         };",
    )
    .await;
    let page = Page::open(&site.url).await;
    until("the picture", async || {
        (page.read("return window.letIn !== undefined", vec![]).await == true).then_some(())
    })
    .await;
    let live = "const { x, y, width, height } =
            [...document.querySelectorAll('#first .bar label')].at(-1).getBoundingClientRect();
        return [x + width / 2, y + height / 2]";
    let [x, y]: [f64; 2] = serde_json::from_value(page.read(live, vec![]).await).unwrap();
    let press = MouseActions::new("mouse".to_string())
        .then(PointerAction::MoveTo { duration: None, x: x.round(), y: y.round() })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    page.driver.client.perform_actions(press).await.unwrap();
    page.read("window.letIn()", vec![]).await;
    page.wait_for_state("idle").await;
}

async fn takes_the_advice(page: &Page) {
    let concurrency = page.named("input[type=range]", "Concurrency").await;
    assert_eq!(concurrency.prop("value").await.unwrap().as_deref(), Some("8"));
    page.click("Lower concurrency to 4").await;
    until("fewer at once", async || {
        (concurrency.prop("value").await.unwrap().as_deref() == Some("4")).then_some(())
    })
    .await;
}
