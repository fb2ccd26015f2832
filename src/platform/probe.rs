//! What the browser knows of the way to a server, where a request brings nothing.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, RequestMode};

use crate::host::{Reach, reach};

/// Where the page is from, and what surrounds it.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    pub is_online: bool,
    /// The page came over https.
    pub page_is_secure: bool,
    pub page_origin: String,
    /// What the browser says of requests to the address: `granted`, `denied` or `prompt`. None where it
    /// does not ask, as for all of the web; some browsers never do, and know no such name.
    pub permission: Option<String>,
}

/// What surrounds a page that calls an address.
pub async fn look_around(url: &str) -> Surroundings {
    let window = web_sys::window();
    let location = window.as_ref().map(web_sys::Window::location);
    Surroundings {
        is_online: window.as_ref().is_none_or(|window| window.navigator().on_line()),
        page_is_secure: location.as_ref().and_then(|place| place.protocol().ok()).as_deref()
            == Some("https:"),
        page_origin: location.and_then(|place| place.origin().ok()).unwrap_or_default(),
        permission: permission(url).await,
    }
}

/// Whether anything answers, even if nobody may read what.
pub async fn listens(url: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let init = RequestInit::new();
    init.set_mode(RequestMode::NoCors);
    JsFuture::from(window.fetch_with_str_and_init(url, &init)).await.is_ok()
}

async fn permission(url: &str) -> Option<String> {
    let asked_for = match reach(url)? {
        Reach::Machine => "loopback-network",
        Reach::Network => "local-network",
        Reach::Web => return None,
    };
    let navigator = web_sys::window()?.navigator();
    let permissions = Reflect::get(&navigator, &"permissions".into()).ok()?;
    let query: Function = Reflect::get(&permissions, &"query".into()).ok()?.dyn_into().ok()?;
    let name = Object::new();
    Reflect::set(&name, &"name".into(), &asked_for.into()).ok()?;
    let asked: Promise = query.call1(&permissions, &name).ok()?.dyn_into().ok()?;
    let status = JsFuture::from(asked).await.ok()?;
    Reflect::get(&status, &"state".into()).ok()?.as_string()
}

/// How long a browser takes at most to report what its page's policy forbids.
const REPORT_MS: u32 = 50;

/// Looks out for requests that the page's own policy forbids, until dropped.
pub struct PolicyWatch {
    saw_one: Rc<Cell<bool>>,
    closure: Closure<dyn FnMut(JsValue)>,
}

const VIOLATION: &str = "securitypolicyviolation";

impl PolicyWatch {
    pub fn start() -> Self {
        let saw_one = Rc::new(Cell::new(false));
        let seen = saw_one.clone();
        let closure = Closure::new(move |_| seen.set(true));
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            let _ = document.add_event_listener_with_callback(VIOLATION, closure.as_ref().unchecked_ref());
        }
        PolicyWatch { saw_one, closure }
    }

    /// Whether there was one. A browser reports it only after it has refused the request.
    pub async fn saw_one(&self) -> bool {
        TimeoutFuture::new(REPORT_MS).await;
        self.saw_one.get()
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
