//! What a run is: calls, the clock they live on, the limiter they pass, the trace they leave.
//!
//! Invariant: nothing here knows a provider, a scenario, JSON, the wall clock, the page or a
//! signal. It never spawns, never reads a clock it was not given, never panics on input. Time is
//! integer microseconds. One seed gives one trace, natively and in wasm.

pub mod batch;
pub mod call;
pub mod clock;
pub mod cluster;
pub mod draw;
pub mod failure;
pub mod fnv;
pub mod limiter;
pub mod patterns;
pub mod price;
pub mod retry;
pub mod run;
pub mod sentence;
pub mod timeouts;
pub mod trace;
