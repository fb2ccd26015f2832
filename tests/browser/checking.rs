//! The connection check, against real servers on loopback.

use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;

use crate::page::Page;
use crate::poll::until;
use crate::site::Site;

/// A server that lists its models to who knows the key, and lets pages read that or not.
async fn lister(allows_pages: bool) -> String {
    let list = move |headers: HeaderMap| async move {
        let knows = headers.get("authorization").is_some_and(|key| key == "Bearer sk-right");
        let (status, body) = match knows {
            true => (StatusCode::OK, json!({"object": "list", "data": [{"id": "small"}, {"id": "large"}]})),
            false => (StatusCode::UNAUTHORIZED, json!({"error": {"message": "Who are you?"}})),
        };
        (status, cors(allows_pages), Json(body))
    };
    let preflight = move || async move { (StatusCode::NO_CONTENT, cors(allows_pages)) };
    serve(Router::new().route("/v1/models", get(list).options(preflight))).await + "/v1"
}

fn cors(allows_pages: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if allows_pages {
        headers.insert("access-control-allow-origin", "*".parse().unwrap());
        headers.insert("access-control-allow-headers", "authorization, content-type".parse().unwrap());
    }
    headers
}

async fn serve(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

/// What the page finds at an address with a key.
pub async fn found(page: &Page, base_url: &str, key: &str) -> String {
    page.set_field("Base URL", base_url).await;
    page.set_field("API key", key).await;
    page.click("Check connection").await;
    until("a finding", async || {
        let read = "return document.querySelector('[data-connection] .finding')?.closest('[data-connection]').innerText";
        page.read(read, vec![]).await.as_str().map(str::to_string)
    })
    .await
}

#[tokio::test]
async fn what_is_the_matter_is_said_with_what_to_do() {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.click("Settings").await;

    let open = lister(true).await;
    let works = found(&page, &open, "sk-right").await;
    assert!(works.contains("lists 2 models") && works.contains("six connections"), "{works}");
    let listed = page
        .read("return [...document.querySelectorAll('datalist option')].map((o) => o.value)", vec![])
        .await;
    assert_eq!(listed, json!(["large", "small"]));

    let refused = found(&page, &open, "sk-wrong").await;
    assert!(refused.contains("does not accept the key") && refused.contains("Who are you?"), "{refused}");
    let unknown = found(&page, &lister(true).await, "").await;
    assert!(unknown.contains("wants an API key"), "{unknown}");
    let nowhere = found(&page, &format!("{}/nowhere", open.trim_end_matches("/v1")), "").await;
    assert!(nowhere.contains("(CORS)") || nowhere.contains("most end in /v1"), "{nowhere}");

    let shut = found(&page, &lister(false).await, "sk-right").await;
    assert!(shut.contains("(CORS)"), "{shut}");
    let nobody = found(&page, "http://127.0.0.1:9/v1", "").await;
    assert!(nobody.contains("Nothing listens there"), "{nobody}");
    let forbidden = found(&page, "http://llm.example/v1", "").await;
    assert!(forbidden.contains("security policy"), "{forbidden}");
    assert!(found(&page, "llm.example/v1", "").await.contains("is no address"));
}
