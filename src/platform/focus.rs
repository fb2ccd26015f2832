//! The keyboard's focus.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

/// Gives the focus to the first element that a selector finds.
pub fn on(selector: &str) {
    if let Some(element) = found(selector) {
        give(&element);
    }
}

/// Selects the text of a field, and gives it.
pub fn select(selector: &str) -> Option<String> {
    let field = found(selector)?.dyn_into::<HtmlTextAreaElement>().ok()?;
    field.select();
    Some(field.value())
}

/// Gives the focus to an element.
pub fn give(element: &Element) {
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

fn found(selector: &str) -> Option<Element> {
    web_sys::window()?.document()?.query_selector(selector).ok()?
}
