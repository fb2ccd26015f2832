//! Elements of the page that nobody holds a handle to.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Gives the focus to the first element that a selector finds.
pub fn focus(selector: &str) {
    if let Some(element) = find(selector) {
        focus_on(&element);
    }
}

/// Gives the focus to an element.
pub fn focus_on(element: &Element) {
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

/// Takes the first element that a selector finds off the page.
pub fn remove(selector: &str) {
    if let Some(element) = find(selector) {
        element.remove();
    }
}

fn find(selector: &str) -> Option<Element> {
    web_sys::window()?.document()?.query_selector(selector).ok()?
}
