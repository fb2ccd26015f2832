//! Fanout: run LLM calls in parallel in three patterns, and see what really happens.
//!
//! The layers, from the pure to the browser; each knows only those above it in this list:
//!
//! - [`engine`]: what a run is. Calls, limiter, retries, patterns, the trace.
//! - [`providers`]: who answers. Requests and replies of LLM servers, what their errors mean, prices.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod engine;
pub mod providers;
