//! The engine in virtual time, natively and in the browser: the same cases, the same numbers.

mod admission;
mod counting;
mod draws;
mod patterns;
mod replay;
mod retries;
mod scene;
mod scripted;
mod stopping;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
