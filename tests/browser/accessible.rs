//! Every view of the page as axe-core sees it, light and dark: by none of its rules is anybody kept out.

use serde_json::json;

use crate::browser::Wish;
use crate::counterpart;
use crate::page::Page;
use crate::site::Site;

const VIEWS: &str = include_str!("views.js");

/// What axe finds in a theme, as a line for each element: by the rules that are named, or by all that it
/// applies unasked.
const LOOK: &str = "return (async ([theme, rules]) => {
    document.documentElement.dataset.theme = theme;
    document.body.checkVisibility();
    // Neither half way to another colour nor half gone.
    for (const change of document.getAnimations()) change.cancel();
    const { violations } = await axe.run({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
})(arguments)";

/// A theme changes colours and nothing else.
const THEMES: [(&str, Option<[&str; 2]>); 2] =
    [("light", None), ("dark", Some(["color-contrast", "link-in-text-block"]))];

/// What axe finds on the page, in every theme.
async fn look(page: &Page) -> Vec<String> {
    let axe = std::fs::read_to_string(counterpart::file("axe-core/axe.min.js")).unwrap();
    page.driver.client.execute(&axe, vec![]).await.unwrap();
    let mut found = Vec::new();
    for (theme, rules) in THEMES {
        let lines = page.read(LOOK, vec![json!(theme), json!(rules)]).await;
        let lines: Vec<String> = serde_json::from_value(lines).unwrap();
        found.extend(lines.into_iter().map(|line| format!("{theme}: {line}")));
    }
    found
}

/// Looks at every view of a group.
async fn check(group: &str, wishes: &[Wish]) {
    let site = Site::start().await;
    let page = Page::open_with("about:blank", wishes).await;
    let views = "return Object.entries(VIEWS[arguments[0]]).map(([name, { at = '' }]) => [name, at])";
    let views = page.read(&format!("{VIEWS} {views}"), vec![json!(group)]).await;
    let views: Vec<(String, String)> = serde_json::from_value(views).unwrap();
    let mut found = Vec::new();
    for (name, at) in views {
        page.visit(&format!("{}#/{at}", site.url)).await;
        page.read(&format!("{VIEWS} return show(...arguments)"), vec![json!(group), json!(name)]).await;
        found.extend(look(&page).await.into_iter().map(|line| format!("{name}, {line}")));
        page.read("localStorage.clear(); sessionStorage.clear()", vec![]).await;
    }
    assert_eq!(found, [""; 0], "{}", found.join("\n\n"));
}

#[tokio::test]
async fn the_page_keeps_nobody_out() {
    check("page", &[]).await;
}

#[tokio::test]
async fn the_page_on_a_phone_keeps_nobody_out() {
    check("phone", &[Wish::Narrow]).await;
}

#[tokio::test]
async fn editors_keep_nobody_out() {
    check("editing", &[]).await;
}

#[tokio::test]
async fn trouble_keeps_nobody_out() {
    check("trouble", &[]).await;
}

#[tokio::test]
async fn live_runs_keep_nobody_out() {
    check("live", &[]).await;
}

#[tokio::test]
async fn dialogs_keep_nobody_out() {
    check("dialogs", &[]).await;
}

#[tokio::test]
async fn frames_and_audiences_keep_nobody_out() {
    check("elsewhere", &[]).await;
}

#[tokio::test]
async fn the_picture_before_the_program_keeps_nobody_out() {
    let site = Site::start_with("WebAssembly.instantiateStreaming = () => new Promise(() => {})").await;
    let page = Page::open(&site.url).await;
    assert_eq!(page.state().await, None);
    let found = look(&page).await;
    assert_eq!(found, [""; 0], "{}", found.join("\n\n"));
}
