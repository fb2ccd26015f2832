//! Tries out an endpoint: what comes back, and where nothing does, what the browser knows of it.

use std::cell::Cell;
use std::rc::Rc;

use futures::StreamExt;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, RequestMode};

use super::fetch::Fetch;
use crate::providers::connection::{Facts, Permission, Reply};
use crate::providers::failure::excerpt;
use crate::providers::key::ApiKey;
use crate::providers::models::{Listed, read_list};
use crate::providers::protocol::Protocol;
use crate::providers::transport::{HttpRequest, Method, Transport};

/// How long a report of the page's policy takes at most.
const REPORT_MS: u32 = 50;

/// Asks for the list of models, and looks around where none comes.
pub async fn probe(protocol: Protocol, base_url: String, key: Option<ApiKey>) -> (Facts, Vec<Listed>) {
    let window = web_sys::window();
    let location = window.as_ref().map(web_sys::Window::location);
    let mut facts = Facts {
        is_online: window.as_ref().is_none_or(|window| window.navigator().on_line()),
        page_is_secure: location.as_ref().and_then(|place| place.protocol().ok()).as_deref()
            == Some("https:"),
        page_origin: location.and_then(|place| place.origin().ok()).unwrap_or_default(),
        has_key: key.is_some(),
        permission: permission().await,
        base_url,
        ..Facts::default()
    };
    let watch = PolicyWatch::start();
    let url = protocol.models_url(&facts.base_url);
    let headers = protocol.headers(&url, key.as_ref());
    let request = HttpRequest { method: Method::Get, url: url.clone(), headers, body: String::new() };
    let mut models = Vec::new();
    match Fetch.send(request).await {
        Ok(mut reply) => {
            let mut body = Vec::new();
            while let Some(Ok(more)) = reply.body.next().await {
                body.extend(more);
            }
            let text = String::from_utf8_lossy(&body);
            let list = reply.head.is_success().then(|| read_list(&text)).flatten();
            let message = match &list {
                Some(_) => String::new(),
                None => excerpt(&key.map_or_else(|| text.to_string(), |key| key.hidden_in(&text))),
            };
            facts.reply =
                Some(Reply { status: reply.head.status, n_models: list.as_ref().map(Vec::len), message });
            models = list.unwrap_or_default();
        }
        Err(_) => {
            facts.listens = listens(&url).await;
            // A browser reports what its page's policy forbids only after it has refused it.
            TimeoutFuture::new(REPORT_MS).await;
        }
    }
    facts.blocked_by_policy = watch.saw_one.get();
    (facts, models)
}

/// Whether anything answers, even if nobody may read what.
async fn listens(url: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let init = RequestInit::new();
    init.set_mode(RequestMode::NoCors);
    JsFuture::from(window.fetch_with_str_and_init(url, &init)).await.is_ok()
}

/// What the browser says of requests to this machine. Browsers that do not ask have no such name.
async fn permission() -> Option<Permission> {
    let navigator = web_sys::window()?.navigator();
    let permissions = Reflect::get(&navigator, &"permissions".into()).ok()?;
    let query: Function = Reflect::get(&permissions, &"query".into()).ok()?.dyn_into().ok()?;
    let name = Object::new();
    Reflect::set(&name, &"name".into(), &"loopback-network".into()).ok()?;
    let asked: Promise = query.call1(&permissions, &name).ok()?.dyn_into().ok()?;
    let status = JsFuture::from(asked).await.ok()?;
    match Reflect::get(&status, &"state".into()).ok()?.as_string()?.as_str() {
        "granted" => Some(Permission::Granted),
        "denied" => Some(Permission::Denied),
        _ => Some(Permission::Prompt),
    }
}

/// Looks out for requests that the page's own policy forbids, until dropped.
struct PolicyWatch {
    saw_one: Rc<Cell<bool>>,
    closure: Closure<dyn FnMut(JsValue)>,
}

const VIOLATION: &str = "securitypolicyviolation";

impl PolicyWatch {
    fn start() -> Self {
        let saw_one = Rc::new(Cell::new(false));
        let seen = saw_one.clone();
        let closure = Closure::new(move |_| seen.set(true));
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            let _ = document.add_event_listener_with_callback(VIOLATION, closure.as_ref().unchecked_ref());
        }
        PolicyWatch { saw_one, closure }
    }
}

impl Drop for PolicyWatch {
    fn drop(&mut self) {
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            let callback = self.closure.as_ref().unchecked_ref();
            let _ = document.remove_event_listener_with_callback(VIOLATION, callback);
        }
    }
}
