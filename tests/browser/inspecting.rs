//! One call under the glass, and all of them as a table.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::{Value as Json, json};

use crate::page::Page;
use crate::poll::until;
use crate::site::Site;

async fn page(site: &Site) -> Page {
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page
}

async fn press_key(page: &Page, key: Key) {
    page.press(&char::from(key).to_string()).await;
}

/// Presses the Tab key until what has the focus is named so.
async fn tab_to(page: &Page, name: &str) {
    press_until(page, name, async || press_key(page, Key::Tab).await).await;
}

/// Presses Shift and Tab until what has the focus is named so. On and past the end of the page would lead into
/// the browser's own buttons.
async fn tab_back_to(page: &Page, name: &str) {
    let [shift, tab] = [Key::Shift, Key::Tab].map(char::from);
    press_until(page, name, async || {
        let keys = KeyActions::new("keys".to_string())
            .then(KeyAction::Down { value: shift })
            .then(KeyAction::Down { value: tab })
            .then(KeyAction::Up { value: tab })
            .then(KeyAction::Up { value: shift });
        page.driver.client.perform_actions(keys).await.unwrap();
    })
    .await;
}

async fn press_until(page: &Page, name: &str, press: impl AsyncFn()) {
    for _ in 0..120 {
        press().await;
        let focused = page.read("return nameOf(document.activeElement)", vec![]).await;
        if focused.as_str().is_some_and(|focused| focused.starts_with(name)) {
            return;
        }
    }
    panic!("the Tab key comes to no {name}");
}

async fn text(page: &Page, selector: &str) -> String {
    let text =
        page.read("return document.querySelector(arguments[0])?.textContent", vec![json!(selector)]).await;
    text.as_str().unwrap_or_default().to_string()
}

#[tokio::test]
async fn with_the_keyboard_alone_a_wait_is_understood_and_a_link_shared() {
    let site = Site::start().await;
    let page = page(&site).await;
    tab_to(&page, "preamble-1").await;
    for _ in 0..8 {
        press_key(&page, Key::Down).await;
    }
    press_key(&page, Key::Enter).await;
    let heading = text(&page, ".inspector h2").await;
    assert_eq!(heading, "amendment-7");
    let why = text(&page, "[data-why]").await;
    assert!(why.starts_with("It waited ") && why.contains("until"), "{why}");

    let focused = "return !!document.activeElement.closest('.inspector')";
    until("focus", async || (page.read(focused, vec![]).await == true).then_some(())).await;
    page.press(".").await;
    until("the next call", async || (text(&page, ".inspector h2").await == "amendment-8").then_some(()))
        .await;
    page.press(",").await;
    press_key(&page, Key::Escape).await;
    let focused = page.read("return nameOf(document.activeElement)", vec![]).await;
    assert!(focused.as_str().is_some_and(|name| name.starts_with("amendment-7")), "{focused}");

    tab_back_to(&page, "Share").await;
    press_key(&page, Key::Enter).await;
    let shared = "const field = find('textarea', 'Link'); return field?.value";
    let link = until("a link", async || match page.read(shared, vec![]).await {
        Json::String(link) if !link.is_empty() => Some(link),
        _ => None,
    });
    assert!(link.await.contains("#/"));
}

#[tokio::test]
async fn an_attempt_shows_what_was_asked_and_met() {
    let site = Site::start().await;
    let page = page(&site).await;
    page.read("document.querySelectorAll('[data-arm=map-reduce] .row button')[9].click()", vec![]).await;
    let attempts = text(&page, ".attempts").await;
    assert!(
        attempts.contains("429") && attempts.contains("Retry-After") && attempts.ends_with("Answered."),
        "{attempts}"
    );
    let said = text(&page, ".inspector").await;
    assert!(said.contains("Refusals do not count"), "{said}");
    let prompts = text(&page, ".inspector .prompt + .hint + .prompt").await;
    assert!(!prompts.is_empty());
    let sums = "const rows = [...document.querySelectorAll('.phases tbody tr:not(.sum)')];
        const ms = (text) => parseFloat(text) * (text.endsWith(' ms') ? 1 : 1000);
        const of = (row) => ms(row.children[2].textContent);
        return [rows.map(of).reduce((a, b) => a + b, 0), of(document.querySelector('.phases .sum'))]";
    let sums = page.read(sums, vec![]).await;
    let (parts, whole) = (sums[0].as_f64().unwrap(), sums[1].as_f64().unwrap());
    // Each of them is rounded to a twentieth of a second.
    assert!((parts - whole).abs() <= 50.0 * 20.0 && whole > 5000.0, "{parts} in all {whole}");
}

/// Guards against a refusal whose wait nobody can check.
#[tokio::test]
async fn an_attempt_over_the_network_shows_the_head_of_its_reply() {
    let site = Site::start().await;
    let page = page(&site).await;
    page.choose_live().await;
    page.start_live(&page.button("Run Voting").await).await;
    page.wait_for_end("done").await;
    page.read("document.querySelectorAll('[data-arm=voting] .row button')[4].click()", vec![]).await;
    let heads =
        "return [...document.querySelectorAll('.attempts [data-head]')].map((head) => head.textContent)";
    let heads = page.read(heads, vec![]).await;
    let heads: Vec<&str> = heads.as_array().unwrap().iter().filter_map(Json::as_str).collect();
    let (last, refused) = heads.split_last().expect("a head for each attempt");
    assert!(last.starts_with("200\n") && last.contains("content-type: "), "{heads:?}");
    assert!(
        refused.iter().all(|head| head.starts_with("429\n") && head.contains("retry-after: ")),
        "{heads:?}"
    );
}

#[tokio::test]
async fn the_list_has_the_same_calls_and_sorts_them() {
    let site = Site::start().await;
    let page = page(&site).await;
    page.press("t").await;
    let rows = "return [...document.querySelectorAll('[data-arm=map-reduce] tbody tr')].map((row) => row.children[0].textContent)";
    let calls = page.read(rows, vec![]).await;
    assert_eq!(calls.as_array().map(Vec::len), Some(16));
    assert_eq!(calls[0], "preamble-1");
    let sort = "document.querySelectorAll('[data-arm=map-reduce] thead button')[3].click()";
    page.read(sort, vec![]).await;
    page.read(sort, vec![]).await;
    let sorted = page
        .read(
            "return document.querySelector('[data-arm=map-reduce] [aria-sort=descending]').textContent",
            vec![],
        )
        .await;
    assert_eq!(sorted, "waited");
    let longest = page.read(rows, vec![]).await;
    assert_ne!(longest[0], "preamble-1");
    page.press("t").await;
    assert_eq!(page.read(rows, vec![]).await, json!([]));
}

/// Guards against letters that do something while somebody writes.
#[tokio::test]
async fn keys_typed_into_a_field_are_no_shortcuts() {
    let site = Site::start().await;
    let page = page(&site).await;
    let field = "const field = document.createElement('input'); document.querySelector('main').append(field); field.focus()";
    page.read(field, vec![]).await;
    page.press("t2").await;
    let shown = page.read("return [document.querySelectorAll('.calls').length, document.querySelector('.arms').dataset.layout]", vec![]).await;
    assert_eq!(shown, json!([0, "columns"]));
    page.click("Keys").await;
    page.set_checkbox("Single keys are shortcuts", false).await;
    page.click("Done").await;
    page.read("document.activeElement.blur()", vec![]).await;
    page.press("t").await;
    assert_eq!(page.read("return document.querySelectorAll('.calls').length", vec![]).await, 0);
    // What a presentation is led by is no shortcut; what else keys mean stays off.
    page.click("Present").await;
    page.press("2").await;
    page.press("b").await;
    let shown = "return [document.querySelector('main').checkVisibility({ visibilityProperty: true }),
        document.querySelector('.arms').dataset.layout]";
    until("a black screen", async || {
        (page.read(shown, vec![]).await == json!([false, "columns"])).then_some(())
    })
    .await;
}
