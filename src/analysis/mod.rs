//! What a trace means: phases, numbers, a rehearsal of what would happen.
//!
//! Invariant: a view of the trace and the plan; it changes neither. It may run the simulated
//! provider on the virtual clock and knows no real provider and no browser.

pub mod calls;
pub mod critical_path;
pub mod forecast;
pub mod fork;
pub mod held;
pub mod inspection;
pub mod measure;
pub mod metrics;
pub mod moment;
pub mod recording;
pub mod recount;
pub mod rehearsal;
pub mod retention;
pub mod story;
pub mod trial;
pub mod verdict;
pub mod words;
