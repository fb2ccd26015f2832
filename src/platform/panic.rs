//! What the person sees if the program breaks.

use std::panic::PanicHookInfo;

use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// Shows the element `#crashed` of the page, which says what to do, and logs the place.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo| {
        console_error(&info.to_string());
        let document = web_sys::window().and_then(|window| window.document());
        let element = document.and_then(|document| document.get_element_by_id("crashed"));
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.remove_attribute("hidden");
        }
    }));
}
