//! The screen.
//!
//! Invariant: components read handles, call the model and return markup. They do no arithmetic on
//! traces, and start nothing asynchronous but through `runner`, `opening`, `saving`, `connecting`,
//! `signing_in`, `trial` and `building`.

pub mod acts;
pub mod answering;
pub mod app;
pub mod arm;
pub mod asking;
pub mod building;
pub mod charging;
pub mod connecting;
pub mod consent;
pub mod controls;
pub mod dialog;
pub mod editor;
pub mod header;
pub mod held;
pub mod inspector;
pub mod keys;
pub mod layout;
pub mod legend;
pub mod notices;
pub mod opening;
pub mod parts;
pub mod replay;
pub mod runner;
pub mod runs;
pub mod saving;
pub mod settings;
pub mod share;
pub mod sheet;
pub mod shown;
pub mod signing_in;
pub mod stage;
pub mod taking;
pub mod transport;
pub mod trial;
pub mod undoing;
pub mod verdict;
pub mod workspace;
pub mod zoom;
