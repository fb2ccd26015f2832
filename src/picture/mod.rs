//! What the page shows of a run, as elements without listeners.
//!
//! Invariant: plain data made of plain data. Nothing here knows a browser, so that the same picture
//! is painted by the page and written into the HTML that is there before it.

pub mod controls;
pub mod editor;
pub mod fan;
pub mod field;
pub mod header;
pub mod lanes;
pub mod layout;
pub mod legend;
pub mod markup;
pub mod metrics;
pub mod qr;
pub mod room;
pub mod sign;
pub mod transport;
pub mod verdict;
pub mod waterfall;
