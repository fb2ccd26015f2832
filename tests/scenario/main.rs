//! Drafts, files, links and ready scenarios: what opens, what is refused, what is never written.

mod check;
mod file;
mod gallery;
mod link;
mod readable;
mod sample;
mod schema;
mod secret;
mod secrets;
mod view;
mod zlib;
