//! End-to-end tests: the built page in a real browser, against a real HTTP endpoint on loopback.
//!
//! The page is used through its contract only: names, roles and the documented `data-` attributes.
//! `FANOUT_DIST` names the built page (default `dist`), `FANOUT_BROWSER` the browser.

#![cfg(not(target_arch = "wasm32"))]

mod arm;
mod browser;
mod completion;
mod controls;
mod counterpart;
mod driver;
mod files;
mod guard;
mod page;
mod poll;
mod post;
mod provider;
mod scenario;
mod site;
mod tls;
mod words;
mod zooming;

mod accessible;
mod asking;
mod bad_input;
mod built_in;
mod checking;
mod counterparts;
mod damaged_links;
mod editing;
mod embedding;
mod failures;
mod finer;
mod finer_live;
mod first_view;
mod hostile;
mod inspecting;
mod keeping;
mod keys;
mod many_calls;
mod map_reduce;
mod policies;
mod policy;
mod practice;
mod presenting;
mod reaching;
mod refusals;
mod replaying;
mod rewording;
mod run_all;
mod runs;
mod sectioning;
mod sharing;
mod signing_in;
mod stopping;
mod streaming;
mod voting;
