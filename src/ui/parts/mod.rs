//! Parts that several features use.

pub mod painted;
pub mod prose;
