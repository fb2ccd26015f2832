//! Elements of the page that nobody holds a handle to.

use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement, HtmlTextAreaElement};

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

/// What an event happened to, or the nearest element around it that a selector finds.
pub fn closest(target: Option<&EventTarget>, selector: &str) -> Option<Element> {
    target?.dyn_ref::<Element>()?.closest(selector).ok().flatten()
}

/// Selects the text of a field, and gives it.
pub fn select(selector: &str) -> Option<String> {
    let field = find(selector)?.dyn_into::<HtmlTextAreaElement>().ok()?;
    field.select();
    Some(field.value())
}

/// Takes the first element that a selector finds off the page.
pub fn remove(selector: &str) {
    if let Some(element) = find(selector) {
        element.remove();
    }
}

/// Moves what is in one element of the page into another one.
pub fn hand_over(from: &str, to: &str) {
    let (Some(from), Some(to)) = (find(from), find(to)) else { return };
    while let Some(node) = from.first_child() {
        let _ = to.append_child(&node);
    }
}

fn find(selector: &str) -> Option<Element> {
    web_sys::window()?.document()?.query_selector(selector).ok()?
}
