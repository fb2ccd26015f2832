//! The page, and a word for those who start it as a native program.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
fn main() {
    #[cfg(debug_assertions)]
    fanout::platform::panic::install_hook();
    fanout::ui::app::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("Fanout runs in a browser: call `make serve` and open http://127.0.0.1:8080");
}
