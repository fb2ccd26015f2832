//! What stays in this browser: when the page is closed, or as long as its tab is open.

use std::sync::atomic::{AtomicBool, Ordering};

use web_sys::Storage;

/// Whether this page keeps away from what is stored.
static SEALED: AtomicBool = AtomicBool::new(false);

/// From now on nothing is read and nothing is stored: a page in somebody's frame has no business there.
pub fn seal() {
    SEALED.store(true, Ordering::Relaxed);
}

pub fn is_sealed() -> bool {
    SEALED.load(Ordering::Relaxed)
}

/// Reads what is stored under a name. A browser that stores nothing has nothing.
pub fn read(name: &str) -> Option<String> {
    lasting()?.get_item(name).ok()?
}

/// Stores a text, or removes what was stored. False where the browser does not let us, or is full.
pub fn write(name: &str, text: Option<&str>) -> bool {
    put(lasting(), name, text)
}

/// Reads what is kept as long as this tab is open.
pub fn kept_for_visit(name: &str) -> Option<String> {
    of_tab()?.get_item(name).ok()?
}

/// Keeps a text as long as this tab is open, or removes it. False where there is no room for it: then
/// nothing is kept under the name.
pub fn keep_for_visit(name: &str, text: Option<&str>) -> bool {
    let is_kept = put(of_tab(), name, text);
    if !is_kept {
        put(of_tab(), name, None);
    }
    is_kept
}

fn put(storage: Option<Storage>, name: &str, text: Option<&str>) -> bool {
    storage.is_some_and(|storage| match text {
        Some(text) => storage.set_item(name, text).is_ok(),
        None => storage.remove_item(name).is_ok(),
    })
}

fn lasting() -> Option<Storage> {
    unsealed()?.local_storage().ok()?
}

fn of_tab() -> Option<Storage> {
    unsealed()?.session_storage().ok()?
}

fn unsealed() -> Option<web_sys::Window> {
    web_sys::window().filter(|_| !is_sealed())
}
