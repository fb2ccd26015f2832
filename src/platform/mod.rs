//! The browser: its clock, its fetch, its frames, its address bar, its files,
//! its streams.
//!
//! Invariant: knows no page and no signals. Whatever is started here is stopped by dropping what
//! was returned, but for what listens as long as the page is open (`worker`, `media`).

pub mod built_in;
pub mod canvas;
pub mod clipboard;
pub mod clock;
pub mod document;
pub mod fetch;
pub mod files;
pub mod frame;
pub mod listener;
pub mod location;
pub mod media;
#[cfg(debug_assertions)]
pub mod panic;
pub mod pkce;
pub mod practice;
pub mod probe;
pub mod root;
pub mod storage;
pub mod stream;
pub mod worker;
pub mod zlib;
