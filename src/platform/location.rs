//! The address bar: the fragment is read, and replaced without a new entry in the history.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// The fragment with its number sign, or nothing.
pub fn fragment() -> String {
    location().and_then(|location| location.hash().ok()).unwrap_or_default()
}

/// The address of this page with another fragment.
pub fn with_fragment(fragment: &str) -> String {
    let address = location().and_then(|location| location.href().ok()).unwrap_or_default();
    let page = address.split('#').next().unwrap_or_default();
    format!("{page}#{fragment}")
}

/// Replaces the fragment. A browser that refuses, since it was asked too often, loses nothing.
pub fn replace_fragment(fragment: &str) {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{fragment}")));
    }
}

/// Calls a function whenever the fragment is changed from outside, until dropped.
#[must_use = "the listener stops when dropped"]
pub struct FragmentListener {
    closure: Closure<dyn FnMut()>,
}

impl FragmentListener {
    pub fn start(changed: impl FnMut() + 'static) -> Self {
        let closure = Closure::new(changed);
        if let Some(window) = web_sys::window() {
            let _ = window.add_event_listener_with_callback("hashchange", closure.as_ref().unchecked_ref());
        }
        FragmentListener { closure }
    }
}

impl Drop for FragmentListener {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let callback = self.closure.as_ref().unchecked_ref();
            let _ = window.remove_event_listener_with_callback("hashchange", callback);
        }
    }
}

fn location() -> Option<web_sys::Location> {
    Some(web_sys::window()?.location())
}
