//! Elements of the page that nobody holds a handle to.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, HtmlElement, HtmlTextAreaElement};

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

/// How far below the window's upper edge the first element that a selector finds begins, in pixels.
pub fn top_of(selector: &str) -> Option<f64> {
    Some(find(selector)?.get_bounding_client_rect().top())
}

/// Scrolls the page on by so many pixels.
pub fn scroll_by(pixels: f64) {
    if let Some(window) = web_sys::window() {
        window.scroll_by_with_x_and_y(0.0, pixels);
    }
}

/// What an event happened to, or the nearest element around it that a selector finds.
pub fn closest(target: Option<&EventTarget>, selector: &str) -> Option<Element> {
    target?.dyn_ref::<Element>()?.closest(selector).ok().flatten()
}

/// Whether what an event happened to has been unfolded.
pub fn is_open(event: &Event) -> bool {
    event.target().is_some_and(|target| target.unchecked_ref::<Element>().has_attribute("open"))
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

/// Sets an attribute of the first element that a selector finds, or takes it away.
pub fn set(selector: &str, attribute: &str, value: Option<&str>) {
    let Some(element) = find(selector) else { return };
    let _ = match value {
        Some(value) => element.set_attribute(attribute, value),
        None => element.remove_attribute(attribute),
    };
}

/// Puts an element of the page before another one, and what is in it can be used from then on.
pub fn hand_over(what: &str, before: &str) {
    let (Some(element), Some(place)) = (find(what), find(before)) else { return };
    while let Some(unused) = element.query_selector("[inert]").ok().flatten() {
        let _ = unused.remove_attribute("inert");
    }
    if let Some(parent) = place.parent_node() {
        let _ = parent.insert_before(&element, Some(&place));
    }
}

fn find(selector: &str) -> Option<Element> {
    web_sys::window()?.document()?.query_selector(selector).ok()?
}
