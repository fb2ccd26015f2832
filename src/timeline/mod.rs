//! The picture as data: rows and bars on a time axis, nodes and edges of the fan-out.
//!
//! Invariant: no pixels, no colours, no page. Positions are shares of a length.

pub mod axis;
pub mod fan;
pub mod rows;
