//! What the root element says: style sheets go by it.

use web_sys::Element;

/// Sets an attribute of the root element, or removes it.
pub fn mark(name: &str, value: Option<&str>) {
    if let Some(root) = element() {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// Sets an attribute without a value, or removes it where it is set.
pub fn toggle(name: &str) {
    if let Some(root) = element() {
        let _ = root.toggle_attribute(name);
    }
}

/// Fills the screen with the page, where the browser lets it.
pub fn fill_screen() {
    if let Some(root) = element() {
        let _ = root.request_fullscreen();
    }
}

pub fn fills_screen() -> bool {
    document().is_some_and(|document| document.fullscreen_element().is_some())
}

pub fn leave_full_screen() {
    if let Some(document) = document().filter(|document| document.fullscreen_element().is_some()) {
        document.exit_fullscreen();
    }
}

fn element() -> Option<Element> {
    document()?.document_element()
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
