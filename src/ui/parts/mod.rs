//! Parts that several features use.

pub mod dialog;
pub mod field;
pub mod icon;
pub mod slider;
