//! Who answers: models behind the engine's `Model`, and the protocols they speak.
//!
//! Invariant: codecs know no fetch: text goes in, text comes out. Whatever carries the bytes is a
//! [`transport::Transport`] that somebody else brings.

pub mod answer;
mod anthropic;
pub mod catalog;
pub mod completion;
pub mod connection;
pub mod curl;
pub mod dialect;
pub mod endpoint;
pub mod failure;
pub mod framing;
mod gemini;
pub mod key;
pub mod keyring;
pub mod lines;
pub mod models;
mod ollama;
mod openai;
pub mod practice;
pub mod prices;
pub mod protocol;
pub mod reader;
pub mod remote;
pub mod settings;
pub mod shape;
pub mod simulated;
pub mod sse;
pub mod transport;
pub mod veil;
pub mod wait;
