//! The record of what came to an endpoint and how it ended.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::http::HeaderMap;
use serde_json::Value;

/// A request as it was recorded.
#[derive(Clone)]
pub struct Post {
    pub arrived: Instant,
    pub headers: HeaderMap,
    pub body: Value,
    /// How many were unanswered when it came, itself included.
    pub in_flight: usize,
    /// None while it is unanswered.
    pub end: Option<End>,
}

/// How a request ended, and when.
#[derive(Clone, Copy, Debug)]
pub enum End {
    Answered(Instant),
    /// The client closed the connection before the answer was complete.
    Closed(Instant),
}

impl Post {
    /// A request that arrives now.
    pub fn new(headers: HeaderMap, body: Value) -> Post {
        Post { arrived: Instant::now(), headers, body, in_flight: 1, end: None }
    }

    /// The text of the last user message.
    pub fn user(&self) -> String {
        let messages = self.body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        let last = messages.iter().rfind(|message| message["role"] == "user");
        last.and_then(|message| message["content"].as_str()).unwrap_or_default().to_string()
    }

    pub fn answered(&self) -> Option<Instant> {
        match self.end {
            Some(End::Answered(at)) => Some(at),
            _ => None,
        }
    }

    pub fn closed(&self) -> Option<Instant> {
        match self.end {
            Some(End::Closed(at)) => Some(at),
            _ => None,
        }
    }
}

/// All requests, in order of arrival.
#[derive(Default)]
pub struct Book {
    posts: Mutex<Vec<Post>>,
}

impl Book {
    pub fn posts(&self) -> Vec<Post> {
        self.posts.lock().unwrap().clone()
    }

    /// Enters a request; what it returns is kept until the answer is complete.
    pub fn record(self: &Arc<Book>, mut post: Post) -> Unanswered {
        let mut posts = self.posts.lock().unwrap();
        post.in_flight += posts.iter().filter(|post| post.end.is_none()).count();
        posts.push(post);
        Unanswered { book: self.clone(), nth: posts.len() - 1 }
    }
}

/// A request that has no answer yet. Dropping it means the client went away.
pub struct Unanswered {
    book: Arc<Book>,
    /// How many came before it.
    pub nth: usize,
}

impl Unanswered {
    /// The answer is complete.
    pub fn answered(&self) {
        self.end(End::Answered(Instant::now()));
    }

    fn end(&self, end: End) {
        // The first end counts: an answered request is dropped too.
        self.book.posts.lock().unwrap()[self.nth].end.get_or_insert(end);
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        self.end(End::Closed(Instant::now()));
    }
}
