//! Runs that are kept, compared and given out: what is remembered, what differs, what a file holds.

#[path = "../described/mod.rs"]
mod described;

mod changes;
mod differences;
mod history;
mod name;
mod run_file;
mod sample;
mod trace_file;
