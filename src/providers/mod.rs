//! Who answers.
pub mod prices;
pub mod simulated;
