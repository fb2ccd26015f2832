//! Signing in by a code and a proof (PKCE), against a server that checks the proof.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value as Json_, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

use crate::page::Page;
use crate::poll::until;
use crate::scenario::scenario;
use crate::site::Site;

const KEY: &str = "sk-or-signed-in-0123456789";

/// The challenge of the last sign-in.
type Challenge = Arc<Mutex<String>>;

/// Gives a code for a challenge, and a key for the code and the secret behind the challenge.
async fn server() -> String {
    let routes = Router::new()
        .route("/auth", get(authorize))
        .route("/api/v1/auth/keys", post(redeem).options(|| async { (StatusCode::NO_CONTENT, open()) }))
        .with_state(Challenge::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    origin
}

async fn authorize(
    State(challenge): State<Challenge>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    assert_eq!(asked["code_challenge_method"], "S256");
    *challenge.lock().unwrap() = asked["code_challenge"].clone();
    Redirect::to(&format!("{}?code=the-code", asked["callback_url"])).into_response()
}

async fn redeem(State(challenge): State<Challenge>, method: Method, Json(asked): Json<Json_>) -> Response {
    assert_eq!((method, asked["code"].as_str()), (Method::POST, Some("the-code")));
    let secret = asked["code_verifier"].as_str().unwrap();
    let proof = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(secret));
    match secret.len() >= 43 && proof == *challenge.lock().unwrap() {
        true => (open(), Json(json!({ "key": KEY }))).into_response(),
        false => (StatusCode::FORBIDDEN, open(), Json(json!({"error": "no"}))).into_response(),
    }
}

fn open() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".parse().unwrap());
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type".parse().unwrap());
    headers
}

/// Guards against work that is lost on the way, and against a code or a secret that is left behind.
#[tokio::test]
async fn the_page_comes_back_with_a_key_and_with_the_work() {
    let (server, site) = (server().await, Site::start().await);
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(&scenario()).await;
    page.click("Settings").await;
    page.select("Provider", "OpenRouter").await;
    page.set_field("Base URL", &format!("{server}/api/v1")).await;
    page.click("Sign in with OpenRouter").await;
    page.wait_for_notice(&["signed in"]).await;
    assert_eq!(
        page.read("return document.querySelector('h1').textContent", vec![]).await,
        scenario()["title"]
    );
    page.click("Settings").await;
    let key = page.named("input", "API key").await.prop("value").await.unwrap();
    assert_eq!(key.as_deref(), Some(KEY));
    let left = page
        .read("return location.href + JSON.stringify([{ ...localStorage }, { ...sessionStorage }])", vec![])
        .await;
    let left = left.as_str().unwrap();
    for secret in [KEY, "the-code", "fanout.sign-in"] {
        assert!(!left.contains(secret), "{secret} in {left}");
    }
}

/// Guards against a code of somebody else's that a link brings.
#[tokio::test]
async fn a_code_nobody_asked_for_is_dropped() {
    let site = Site::start().await;
    let page = Page::open(&format!("{}?code=planted", site.url)).await;
    page.wait_for_state("done").await;
    until("an address without the code", async || {
        let address = page.read("return location.href", vec![]).await;
        (!address.as_str().unwrap().contains("planted")).then_some(())
    })
    .await;
    assert_eq!(page.read("return document.querySelectorAll('.notice').length", vec![]).await, 0);
}
