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

/// Guards against an aggregator that is tried with other words or other inputs than those on the page.
#[tokio::test]
async fn an_aggregator_is_tried_on_inputs_of_ones_own() {
    let provider = Provider::start(|_| Answer::ok(10, "Roads: 5 km. Nothing of bridges.")).await;
    let page = Page::live(&provider.base_url, &scenario()).await;
    let unfold =
        "const fold = arm('map-reduce').querySelector('details.editor'); fold.open = true; return true";
    page.read(unfold, vec![]).await;
    let unfold = "const fold = arm('map-reduce').querySelector('details.trial'); if (fold) fold.open = true; return !!fold";
    until("the trial", async || (page.read(unfold, vec![]).await == true).then_some(())).await;
    page.set_field(
        "Test inputs a line of --- between two; a first line that ends with a colon is a name",
        "Roads:\n5 km\n---\nBridges:\n7",
    )
    .await;
    page.click("Run the aggregator").await;
    let said = "return arm('map-reduce').querySelector('[data-trial]').textContent";
    let said = until("the answer", async || {
        let said = page.read(said, vec![]).await.as_str().unwrap_or_default().to_string();
        said.contains("Nothing of bridges").then_some(said)
    })
    .await;
    assert!(said.contains("Lost: “7”"), "{said}");
    let posts = provider.posts();
    assert_eq!(posts.len(), 1, "one call and no other");
    assert!(posts[0].body.to_string().contains("### Roads\\n5 km\\n\\n### Bridges\\n7"), "{}", posts[0].body);
}
