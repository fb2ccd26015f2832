//! What a person sees without a click.

use std::time::Duration;

use crate::arm::METRICS;
use crate::page::Page;
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
