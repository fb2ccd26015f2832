//! What has to hold for every input, shared by the targets.

pub mod answers;
pub mod events;
pub mod links;
pub mod pieces;
pub mod replies;
pub mod scenarios;
