//! Listeners on one element.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event};

/// Hears events of an element until dropped.
#[must_use = "nobody listens when it is dropped"]
pub struct Listener {
    element: Element,
    kinds: &'static [&'static str],
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    pub fn on(element: &Element, kinds: &'static [&'static str], heard: impl FnMut(Event) + 'static) -> Self {
        let closure = Closure::<dyn FnMut(Event)>::new(heard);
        for kind in kinds {
            let _ = element.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
        }
        Listener { element: element.clone(), kinds, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for kind in self.kinds {
            let callback = self.closure.as_ref().unchecked_ref();
            let _ = self.element.remove_event_listener_with_callback(kind, callback);
        }
    }
}
