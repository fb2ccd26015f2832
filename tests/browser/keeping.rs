//! What stays: work through a reload, the page without a network.

use crate::page::Page;
use crate::poll::until;
use crate::site::Site;

async fn reload(page: &Page) {
    page.driver.reload().await;
    page.wait_for_state("done").await;
}

/// Guards against work that is lost where the page breaks down or is closed by mistake.
#[tokio::test]
async fn work_comes_back_after_a_reload() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.set_slider("Votes", 9).await;
    let kept = "return sessionStorage.getItem('fanout.work')?.includes('\"votes\": 9')";
    until("it is kept", async || (page.read(kept, vec![]).await == true).then_some(())).await;
    reload(&page).await;
    assert!(page.arm("voting").result("voter-9").await.is_some());
    page.visit(&format!("{}#/", site.url)).await;
    page.wait_for_state("done").await;
    assert!(page.arm("voting").result("voter-9").await.is_none(), "another address is another scenario");
}

#[tokio::test]
async fn the_page_opens_without_a_network() {
    let site = Site::start_under("/sub/path/").await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    let kept = "return (async () => {
        if (!navigator.serviceWorker.controller) return false;
        const [name] = await caches.keys();
        return (await (await caches.open(name)).keys()).length > 8;
    })()";
    until("the page is kept", async || (page.read(kept, vec![]).await == true).then_some(())).await;
    site.stop();
    reload(&page).await;
    assert_ne!(page.arm("map-reduce").outcome().await, "");
    page.select("Ready scenarios", "Aesop: what a deep tree loses").await;
    until("another scenario", async || {
        let title = page.read("return document.querySelector('h1').textContent", vec![]).await;
        title.as_str().is_some_and(|title| title.contains("fables")).then_some(())
    })
    .await;
}

/// Guards against work that is lost over a link that does not open, or in the moment after a change.
#[tokio::test]
async fn work_outlives_a_broken_link_and_a_quick_reload() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.set_slider("Votes", 9).await;
    // What is kept and in the address stays a link that can be read.
    let address = "return location.hash";
    let named = until("a readable address", async || {
        Some(page.read(address, vec![]).await)
            .filter(|hash| hash.as_str().is_some_and(|hash| hash.contains("=9")))
    })
    .await;
    reload(&page).await;
    assert_eq!(page.read(address, vec![]).await, named);
    page.read("location.hash = '#/nosuch'", vec![]).await;
    until("an error", async || Some(page.notices().await).filter(|said| said.contains("nosuch"))).await;
    reload(&page).await;
    assert!(page.arm("voting").result("voter-9").await.is_some());
    page.set_slider("Votes", 11).await;
    reload(&page).await;
    assert!(page.arm("voting").result("voter-11").await.is_some(), "it was kept when the page went");
}

/// Guards against work that is not kept and nobody knows.
#[tokio::test]
async fn work_that_is_too_large_to_keep_is_said_to_be() {
    // Not every browser fills up.
    let site = Site::start_with(
        "const put = Storage.prototype.setItem;
         Storage.prototype.setItem = function (name, text) {
             if (name !== 'full' && localStorage.getItem('full')) throw new DOMException('', 'QuotaExceededError');
             put.call(this, name, text);
         };",
    )
    .await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.set_slider("Votes", 9).await;
    let kept = "return sessionStorage.getItem('fanout.work')";
    until("work that is kept", async || (!page.read(kept, vec![]).await.is_null()).then_some(())).await;
    page.read("localStorage.setItem('full', 'yes')", vec![]).await;
    page.set_slider("Votes", 11).await;
    page.wait_for_notice(&["too large", "Download scenario"]).await;
    assert!(page.read(kept, vec![]).await.is_null(), "what is older would come back in its place");
    page.choose_live().await;
    page.click("Settings").await;
    page.select("Provider", "OpenAI").await;
    page.wait_for_notice(&["does not store the settings"]).await;
}

/// Guards against earlier work that is gone once two links were opened, or after a reload.
#[tokio::test]
async fn all_work_that_was_put_aside_is_there() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    for votes in [9, 11] {
        page.set_slider("Votes", votes).await;
        page.read("location.hash = arguments[0]", vec![format!("#/gettysburg.1&cap={votes}").into()]).await;
        page.wait_for_notice(&[&format!("{votes}")]).await;
    }
    reload(&page).await;
    let address = page.read("return location.hash", vec![]).await;
    assert_eq!(address, "#/gettysburg.1&cap=11", "what was opened is nobody's work");
    for votes in [11, 9] {
        page.click("Back to my work").await;
        until("earlier work", async || page.arm("voting").result(&format!("voter-{votes}")).await).await;
    }
}
