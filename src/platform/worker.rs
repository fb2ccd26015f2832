//! The service worker: the page without a network, and the practice server's place in the network.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ServiceWorkerContainer;

const WORKER: &str = "worker.js";

/// None where this browser has no service workers, or not for this page.
pub fn container() -> Option<ServiceWorkerContainer> {
    let container = web_sys::window()?.navigator().service_worker();
    // Pages that are not secure have no such property.
    (!container.is_undefined()).then_some(container)
}

/// Registers it, where that is not done yet.
pub fn register(container: &ServiceWorkerContainer) -> Promise {
    container.register(WORKER)
}

/// Keeps the page for times without a network, and tells when a newer one has taken the place of the
/// one that was open. Lasts as long as the page.
pub fn keep_page(newer: impl Fn() + 'static) {
    let Some(container) = container() else { return };
    let mut had_one = container.controller().is_some();
    let changed = Closure::<dyn FnMut()>::new(move || {
        // The first worker takes in a page that is as new as itself.
        if std::mem::replace(&mut had_one, true) {
            newer();
        }
    });
    container.set_oncontrollerchange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
    let _ = register(&container);
}
