//! What a trace means: phases, numbers, words, pictures.

mod fan;
mod forecast;
mod format;
mod metrics;
mod rehearsal;
mod retention;
mod story;
mod timeline;
mod traces;
mod verdict;
mod words;
