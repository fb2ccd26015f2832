//! What the browser says of the screen and of what the person wants.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::MediaQueryList;

/// Whether a media query holds now.
pub fn matches(query: &str) -> bool {
    list(query).is_some_and(|query| query.matches())
}

/// Calls a function whenever a media query comes to hold or no longer does, as long as the page is there.
pub fn on_change(query: &str, changed: impl FnMut() + 'static) {
    if let Some(list) = list(query) {
        let closure = Closure::<dyn FnMut()>::new(changed);
        let _ = list.add_event_listener_with_callback("change", closure.as_ref().unchecked_ref());
        // Without the list there would be no events.
        std::mem::forget(list);
        closure.forget();
    }
}

fn list(query: &str) -> Option<MediaQueryList> {
    web_sys::window()?.match_media(query).ok().flatten()
}
