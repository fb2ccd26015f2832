//! Parts that several features use.

pub mod button;
pub mod dialog;
pub mod field;
pub mod icon;
pub mod painted;
pub mod prose;
pub mod slider;
