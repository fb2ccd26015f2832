//! A server that does what its script says, on the virtual clock.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use fanout::engine::clock::{Clock, MS, VirtualClock};
use fanout::providers::transport::{Body, Head, HttpReply, HttpRequest, Transport, TransportError};
use futures::StreamExt;
use futures::future::LocalBoxFuture;

/// One reply of the server.
pub struct Scripted {
    /// When the head comes, after the request.
    pub head_ms: u64,
    pub head: Result<Head, TransportError>,
    /// The body, each part with the time since the part before it.
    pub body: Vec<(u64, Result<Vec<u8>, TransportError>)>,
}

impl Scripted {
    pub fn new(status: u16, content_type: &str, body: &[(u64, &str)]) -> Scripted {
        Scripted {
            head_ms: 10,
            head: Ok(Head {
                status,
                headers: vec![("content-type", content_type.to_string())],
                ..Head::default()
            }),
            body: body.iter().map(|(ms, text)| (*ms, Ok(text.as_bytes().to_vec()))).collect(),
        }
    }
}

/// Gives its replies in order and keeps what it was sent.
pub struct Server {
    pub clock: VirtualClock,
    pub replies: RefCell<VecDeque<Scripted>>,
    pub requests: RefCell<Vec<HttpRequest>>,
    /// How many connections are open: sent, and neither read to the end nor dropped.
    pub open: Rc<()>,
    /// How many bodies were let end after their last word.
    pub n_let_end: Cell<u32>,
}

impl Server {
    pub fn new(clock: &VirtualClock, replies: Vec<Scripted>) -> Rc<Server> {
        Rc::new(Server {
            clock: clock.clone(),
            replies: RefCell::new(replies.into()),
            requests: RefCell::default(),
            open: Rc::new(()),
            n_let_end: Cell::new(0),
        })
    }

    pub fn n_open(&self) -> usize {
        Rc::strong_count(&self.open) - 1
    }
}

impl Transport for Server {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpReply, TransportError>> {
        self.requests.borrow_mut().push(request);
        let reply = self.replies.borrow_mut().pop_front();
        let (clock, connection) = (self.clock.clone(), self.open.clone());
        Box::pin(async move {
            let Scripted { head_ms, head, body } = reply.expect("the script has a reply");
            clock.sleep_until(clock.now_us() + head_ms * MS).await;
            let parts = futures::stream::iter(body).then(move |(ms, part)| {
                let (clock, connection) = (clock.clone(), connection.clone());
                async move {
                    clock.sleep_until(clock.now_us() + ms * MS).await;
                    drop(connection);
                    part
                }
            });
            Ok(HttpReply { head: head?, body: parts.boxed_local() })
        })
    }

    fn let_end(&self, _: Body) -> LocalBoxFuture<'static, ()> {
        self.n_let_end.set(self.n_let_end.get() + 1);
        Box::pin(async {})
    }
}
