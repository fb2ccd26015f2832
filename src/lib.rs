//! Fanout: run LLM calls in parallel in three patterns, and see what really happens.
//!
//! The layers, from the pure to the browser; each knows only those above it in this list:
//!
//! - [`engine`]: what a run is. Calls, limiter, retries, patterns, the trace.
//! - [`providers`]: who answers. Real endpoints over any transport, and a simulated provider.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod engine;
pub mod providers;
