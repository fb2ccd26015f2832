//! Fanout: run LLM calls in parallel in three patterns, and see what really happens.
//!
//! The layers, from the pure to the browser; ARCHITECTURE.md says which may know which:
//!
//! - [`engine`]: what a run is. Calls, limiter, retries, patterns, the trace.
//! - [`providers`]: who answers. Real endpoints over any transport, and a simulated provider.
//! - [`scenario`]: what the person describes. Drafts, files, links, ready scenarios.
//! - [`analysis`]: what a trace means. Phases, numbers, rehearsals in virtual time.
//! - [`timeline`]: the picture as data. Axis, fan-out.
//! - [`picture`]: what the page shows of it, as elements without listeners.
//! - [`runs`]: runs that are kept, compared and given out.
//! - [`format`]: time, tokens and money as text.
//! - [`json`]: JSON in and out.
//! - [`markdown`]: a text from outside as a small tree.
//! - [`host`]: what the browser knows already, and natively a library.
//! - `platform` and `ui`, for wasm only: the browser, and the screen.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod analysis;
pub mod engine;
pub mod format;
pub mod host;
pub mod json;
pub mod markdown;
pub mod picture;
#[cfg(target_arch = "wasm32")]
pub mod platform;
pub mod providers;
pub mod runs;
pub mod scenario;
pub mod timeline;
#[cfg(target_arch = "wasm32")]
pub mod ui;
