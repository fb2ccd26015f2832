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

/// The address of this page without what stands behind its path.
pub fn page() -> String {
    let address = location().and_then(|location| location.href().ok()).unwrap_or_default();
    address.split(['?', '#']).next().unwrap_or_default().to_string()
}

/// A parameter of the address as it stands there; codes need no decoding.
pub fn parameter(name: &str) -> Option<String> {
    let search = location()?.search().ok()?;
    let pairs = search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
}

/// Takes the parameters out of the address bar.
pub fn drop_parameters() {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        let address = format!("{}{}", page(), fragment());
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Leaves this page for another address.
pub fn go(address: &str) {
    if let Some(location) = location() {
        let _ = location.set_href(address);
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
