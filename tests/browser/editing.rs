//! What is changed in place: taken back, done again, and tried out.

use serde_json::{Value as Json, json};

use crate::page::Page;
use crate::poll::until;
use crate::provider::{Answer, Provider};
use crate::scenario::scenario;
use crate::site::Site;

async fn page(site: &Site) -> Page {
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page
}

async fn votes(page: &Page) -> Json {
    page.read("return find('input[type=range]', 'Votes').value", vec![]).await
}

/// A key with the Control key held, where nothing has the focus.
async fn control(page: &Page, key: &str, shift: bool) {
    let script = "document.activeElement.blur(); document.body.dispatchEvent(new KeyboardEvent('keydown',
        { key: arguments[0], ctrlKey: true, shiftKey: arguments[1], bubbles: true, cancelable: true }))";
    page.read(script, vec![json!(key), json!(shift)]).await;
}

/// Guards against a gesture that is lost, and against steps that skip one.
#[tokio::test]
async fn a_gesture_is_taken_back_and_done_again() {
    let site = Site::start().await;
    let page = page(&site).await;
    let disabled = "return ['Undo', 'Redo'].map((name) => find('button', name).disabled)";
    assert_eq!(page.read(disabled, vec![]).await, json!([true, true]));
    page.set_slider("Votes", 9).await;
    // The next gesture begins with the pointer or on another field.
    page.read("dispatchEvent(new Event('pointerdown'))", vec![]).await;
    page.set_slider("Votes", 11).await;
    page.click("Undo").await;
    assert_eq!(votes(&page).await, "9");
    control(&page, "z", false).await;
    assert_eq!(votes(&page).await, "5");
    assert_eq!(page.read(disabled, vec![]).await, json!([true, false]));
    control(&page, "Z", true).await;
    control(&page, "y", false).await;
    assert_eq!(votes(&page).await, "11");
    assert!(page.arm("voting").text().await.contains("11 votes, then a count"));
}

/// Unfolds what tries the aggregator of an arm.
async fn unfold_trial(page: &Page, arm: &str) {
    for what in ["editor", "trial"] {
        let script = "const fold = arm(arguments[0]).querySelector(`details.${arguments[1]}`);
            if (fold) fold.open = true;
            return !!fold";
        let unfold = async || (page.read(script, vec![json!(arm), json!(what)]).await == true).then_some(());
        until(what, unfold).await;
    }
}

/// What came of the trial, once it says so.
async fn tried(page: &Page, arm: &str, words: &str) -> String {
    let said = "return arm(arguments[0]).querySelector('[data-trial]').textContent";
    until(words, async || {
        let said = page.read(said, vec![json!(arm)]).await.as_str().unwrap_or_default().to_string();
        said.contains(words).then_some(said)
    })
    .await
}

/// Guards against a simulated text that passes for a model's, and against answers that get lost on the way.
#[tokio::test]
async fn an_aggregator_is_tried_on_the_answers_of_the_run() {
    let site = Site::start().await;
    let page = page(&site).await;
    page.click("Sectioning").await;
    unfold_trial(&page, "sectioning").await;
    page.click("Run the aggregator").await;
    tried(&page, "sectioning", "Type some inputs first").await;
    page.click("Take the answers above").await;
    page.click("Run the aggregator").await;
    let said = tried(&page, "sectioning", "simulated").await;
    assert!(said.contains("Numbers") && said.contains("kept"), "{said}");
    // Inputs of a scenario that is no longer there are none.
    page.open_scenario(&scenario()).await;
    let typed = "return arm('sectioning').querySelector('.trial textarea').value";
    until("no inputs", async || (page.read(typed, vec![]).await == "").then_some(())).await;
}

/// Guards against an aggregator that is tried with other words or other inputs than those on the page.
#[tokio::test]
async fn an_aggregator_is_tried_on_inputs_of_ones_own() {
    let provider = Provider::start(|_| Answer::ok(10, "Roads: 5 km. Nothing of bridges.")).await;
    let page = Page::live(&provider.base_url, &scenario()).await;
    unfold_trial(&page, "map-reduce").await;
    page.paste(
        "Test inputs a line of --- between two; a first line that ends with a colon is a name",
        "Roads:\n5 km\n---\nBridges:\n7",
    )
    .await;
    page.click("Run the aggregator").await;
    let said = tried(&page, "map-reduce", "Nothing of bridges").await;
    assert!(said.contains("Lost: “7”"), "{said}");
    let posts = provider.posts();
    assert_eq!(posts.len(), 1, "one call and no other");
    assert!(posts[0].body.to_string().contains("### Roads\\n5 km\\n\\n### Bridges\\n7"), "{}", posts[0].body);
}

/// Guards against letters that are taken for shortcuts, and against an arm that stops for a document that
/// was only just added.
#[tokio::test]
async fn what_is_added_is_written_into_at_once() {
    let site = Site::start().await;
    let page = page(&site).await;
    let arm = page.arm("map-reduce");
    let before = arm.outcome().await;
    page.read("arm('map-reduce').querySelector('details.editor').open = true", vec![]).await;
    page.click("Add a document").await;
    let is_there = "return document.activeElement.tagName === 'TEXTAREA'";
    until("the new field", async || (page.read(is_there, vec![]).await == true).then_some(())).await;
    assert_eq!(arm.outcome().await, before);
    assert_eq!(page.notices().await, "");
    page.press("hr").await;
    assert_eq!(page.read("return document.activeElement.value", vec![]).await, json!("hr"));
    assert_eq!(page.dialog().await, None);
    until("its answer", async || arm.result("document-document").await).await;
}

#[tokio::test]
async fn a_title_and_a_note_can_be_written() {
    let site = Site::start().await;
    let page = page(&site).await;
    page.read("document.querySelector('details.more').open = true", vec![]).await;
    page.set_field("Title", "My lesson").await;
    page.set_field("Note what to look at, what to change", "Look at this.").await;
    let said =
        "return [...document.querySelectorAll('.intro h1, .intro .note')].map((part) => part.textContent)";
    assert_eq!(page.read(said, vec![]).await, json!(["My lesson", "Look at this."]));
    page.click("Undo").await;
    page.click("Undo").await;
    assert_ne!(page.read(said, vec![]).await[0], json!("My lesson"));
}

/// Guards against a verdict about another arm than the one that is looked at.
#[tokio::test]
async fn the_verdict_is_of_the_arm_that_is_looked_at() {
    let site = Site::start().await;
    let page = page(&site).await;
    for (layout, name) in
        [("Voting", "Voting: "), ("Sectioning", "Sectioning: "), ("Columns", "Map-reduce: ")]
    {
        page.click(layout).await;
        let seen = "return [...document.querySelectorAll('[data-verdict] .verdict-lead')]
            .filter((line) => line.checkVisibility()).map((line) => line.textContent).join()";
        until(name, async || {
            let lead = page.read(seen, vec![]).await;
            lead.as_str().filter(|lead| lead.starts_with(name)).map(|_| ())
        })
        .await;
    }
}
