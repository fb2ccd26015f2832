//! What comes of a request: a head, then a body, each part with its time.

/// An HTTP reply with the times of its parts, by the server's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub head_us: u64,
    /// In the order of time, none before the head.
    pub chunks: Vec<Chunk>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub at_us: u64,
    pub text: String,
}

impl Course {
    /// Records that come one after another; the head comes with the first.
    pub(super) fn stream(chunks: Vec<Chunk>) -> Course {
        Course::of(200, "text/event-stream; charset=utf-8", chunks)
    }

    pub(super) fn whole(chunk: Chunk) -> Course {
        Course::of(200, "application/json", vec![chunk])
    }

    pub(super) fn error(status: u16, text: String, at_us: u64) -> Course {
        Course::of(status, "application/json", vec![Chunk { at_us, text }])
    }

    pub(super) fn with(mut self, header: &'static str, value: String) -> Course {
        self.headers.push((header, value));
        self
    }

    fn of(status: u16, kind: &str, chunks: Vec<Chunk>) -> Course {
        let head_us = chunks.first().map_or(0, |chunk| chunk.at_us);
        Course { status, headers: vec![("content-type", kind.to_string())], head_us, chunks }
    }
}
