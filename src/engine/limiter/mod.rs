//! Who may go, and when: concurrency, request rate, token rate and budget taken in one step or not at all.
//!
//! Invariant: no input or output. The caller says what time it is and what happened; the limiter
//! says who goes and when to ask again. Its state is integers.

pub mod adaptive;
pub mod bucket;
pub mod budget;
pub mod core;
pub mod requests;
