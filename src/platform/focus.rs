//! The keyboard's focus.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Gives the focus to the first element that a selector finds.
pub fn on(selector: &str) {
    let found = web_sys::window().and_then(|window| window.document()?.query_selector(selector).ok()?);
    if let Some(element) = found {
        give(&element);
    }
}

/// Gives the focus to an element.
pub fn give(element: &Element) {
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}
