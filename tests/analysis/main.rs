//! What a trace means: phases, numbers, words, pictures.

mod calls;
mod fan;
mod forecast;
mod fork;
mod format;
mod inspection;
mod lanes;
mod measure;
mod metrics;
mod moment;
mod rehearsal;
mod retention;
mod room;
mod story;
mod timeline;
mod traces;
mod trial;
mod verdict;
mod window;
mod words;
