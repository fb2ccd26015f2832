//! What is copied.

/// Copies a text. A browser may refuse; whoever copies shows the text as well.
pub fn write(text: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.navigator().clipboard().write_text(text);
    }
}
