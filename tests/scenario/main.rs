//! Drafts, files, links and ready scenarios: what opens, what is refused, what is never written.

#[path = "../described/mod.rs"]
mod described;

mod check;
mod file;
mod gallery;
mod link;
mod promises;
mod readable;
mod sample;
mod schema;
mod secret;
mod secrets;
mod seen;
mod setting;
mod undo;
mod view;
mod zlib;
