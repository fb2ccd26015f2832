//! The browser: its clock, its fetch, its frames, its address bar, its files.
//!
//! Invariant: knows no page and no signals. Whatever is started here is stopped by dropping what
//! was returned.

pub mod clock;
pub mod fetch;
pub mod files;
pub mod frame;
pub mod location;
pub mod panic;
