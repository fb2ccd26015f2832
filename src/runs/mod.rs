//! Runs as they are kept, compared and given out: the history of a browser, the run file, the trace
//! for other programs.
//!
//! Invariant: a run holds no secret. Who answered is a name, the scenario is its file, and keys, base
//! URLs and headers have no field here. What is read was written by anybody: it may be foreign,
//! damaged or hostile, and what does not fit is left out.

pub mod changes;
pub mod differences;
pub mod history;
pub mod kept;
pub mod name;
pub mod run_file;
pub mod trace_file;
