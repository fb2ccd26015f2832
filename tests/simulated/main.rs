//! The simulated provider against numbers that come from elsewhere: formulas, tables, another program.

mod answers;
mod beta;
mod extract;
mod latency;
mod provider;
