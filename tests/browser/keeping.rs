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
