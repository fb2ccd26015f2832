//! Pictures as HTML, and the finished run that stands in the page before its program arrives.

mod fields;
mod first;
mod html;
mod metrics;
mod qr;
mod waterfall;
