//! What a developer sees when the program breaks. The page's own build carries no such texts: there a
//! panic is a trap, which `src/boot.js` tells the person about in both builds.

use std::panic::PanicHookInfo;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// Logs the text and the place of a panic.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo| console_error(&info.to_string())));
}
