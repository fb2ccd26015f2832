//! The picture as data: rows, bars and lanes on a time axis, nodes and edges of the fan-out.
//!
//! Invariant: no colours, no page. Positions are shares of a length; only `sight` knows how large it is seen.

pub mod axis;
pub mod fan;
pub mod lanes;
pub mod room;
pub mod rows;
pub mod sight;
pub mod window;
