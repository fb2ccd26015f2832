//! Codecs, errors and a remote model against a scripted server in virtual time.

mod answer;
mod anthropic;
mod connection;
mod curl;
mod dialect;
mod failure;
mod gemini;
mod key;
mod keyring;
mod models;
mod ollama;
mod openai;
mod practice;
mod prices;
mod remote;
mod scripted;
mod settings;
mod shape;
mod sse;
mod usage;
mod veil;
mod wait;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
