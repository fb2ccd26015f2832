//! Going through a run: stepping, scrubbing, changing it on the way.

use crate::page::Page;
use crate::site::Site;

async fn page(site: &Site) -> Page {
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page
}

/// What the bar says of the instant that is shown.
async fn moment(page: &Page) -> String {
    let said = page.read("return document.querySelector('.moment').textContent", vec![]).await;
    said.as_str().expect("it is there").to_string()
}

async fn scrub(page: &Page, ms: u32) {
    page.set_slider("Instant", ms).await;
}

#[tokio::test]
async fn a_run_is_stepped_through_event_by_event() {
    let site = Site::start().await;
    let page = page(&site).await;
    let at_the_end = moment(&page).await;
    assert!(at_the_end.ends_with("done") && !at_the_end.contains("in flight"), "{at_the_end}");

    page.click("To the beginning").await;
    let first = moment(&page).await;
    assert!(first.starts_with("0 ms: ") && first.contains("in flight"), "{first}");
    page.click("One event on").await;
    let second = moment(&page).await;
    assert_ne!(second, first);
    page.click("One event back").await;
    assert_eq!(moment(&page).await, first);

    scrub(&page, 5000).await;
    assert!(moment(&page).await.starts_with("5.0 s: "), "{}", moment(&page).await);
    page.click("To the end").await;
    assert_eq!(moment(&page).await, at_the_end);
}

#[tokio::test]
async fn a_replay_plays_to_its_end_and_stands_still_where_it_is_paused() {
    let site = Site::start().await;
    let page = page(&site).await;
    let at_the_end = moment(&page).await;
    let pace = async |pace: &str| {
        page.read("setValue(find('select', 'Pace'), arguments[0])", vec![serde_json::json!(pace)]).await
    };
    // So slow that a busy machine does not come to the end before it is told to pause.
    pace("¼×").await;
    page.click("Play").await;
    page.click("Pause").await;
    // A busy browser takes its time to hear of it.
    page.button("Play").await;
    // What it came to is painted with the next frame, and then no other.
    let settle = || tokio::time::sleep(std::time::Duration::from_millis(300));
    settle().await;
    let paused = moment(&page).await;
    assert_ne!(paused, at_the_end);
    settle().await;
    assert_eq!(moment(&page).await, paused);
    pace("all in 4 s").await;
    page.click("Play").await;
    crate::poll::until("the end", async || (moment(&page).await == at_the_end).then_some(())).await;
    page.button("Play").await;
}

/// Guards against a change in the middle that rewrites what was.
#[tokio::test]
async fn a_change_in_the_middle_is_a_fork() {
    let site = Site::start().await;
    let page = page(&site).await;
    let arm = page.arm("map-reduce");
    let makespan = arm.metric("makespan").await.value;
    scrub(&page, 5000).await;
    let before = moment(&page).await;
    let room = "return [...arm('map-reduce').querySelectorAll('.room')].map((lane) => lane.title)";
    let lanes = page.read(room, vec![]).await;
    page.set_slider("Concurrency", 1).await;
    page.wait_for_notice(&["Changed at 5.0 s; what was before stays."]).await;
    assert_eq!(moment(&page).await, before);
    assert_eq!(page.read(room, vec![]).await, lanes, "what was in use then is drawn against what there was");
    let forked = arm.metric("makespan").await.value;
    assert_ne!(forked, makespan);

    page.click("From the beginning").await;
    let anew = arm.metric("makespan").await.value;
    assert!(anew != forked && anew != makespan, "{anew}");

    // What cannot change on the way makes another run.
    page.set_slider("Votes", 7).await;
    assert!(!page.notices().await.contains("Changed at"), "{}", page.notices().await);
}
