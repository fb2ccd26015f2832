//! Requests through the browser's fetch, aborted when dropped.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use futures::StreamExt;
use futures::future::{LocalBoxFuture, select};
use futures::stream::{empty, once, unfold};
use gloo_net::http::{Headers, Request, Response};
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, RequestRedirect, ResponseType};
use web_time::Instant;

use super::probe::look_around;
use super::stream::Chunks;
use crate::host::{Reach, host, origin, reach};
use crate::providers::transport::{
    Body, Head, HttpReply, HttpRequest, Method, READ_HEADERS, Transport, TransportError,
};

/// The browser's fetch.
pub struct Fetch;

impl Transport for Fetch {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpReply, TransportError>> {
        Box::pin(send(request))
    }

    fn let_end(&self, mut body: Body) -> LocalBoxFuture<'static, ()> {
        Box::pin(async move {
            let end = pin!(async { while let Some(Ok(_)) = body.next().await {} });
            select(end, TimeoutFuture::new(END_MS)).await;
        })
    }
}

/// How long a server may take to end a reply after its last word.
const END_MS: u32 = 100;

/// Reads a text file that lies beside the page.
pub async fn read_beside(path: &str) -> Result<String, String> {
    let missing =
        |what: String| format!("{path} could not be loaded ({what}). Reload the page and try again.");
    let response = Request::get(path).send().await.map_err(|_| missing("no connection".to_string()))?;
    if !response.ok() {
        return Err(missing(format!("status {}", response.status())));
    }
    response.text().await.map_err(|_| missing("the connection broke".to_string()))
}

/// Aborts its request when dropped, unless the body was read to its end.
pub(super) struct AbortGuard(Option<AbortController>);

impl AbortGuard {
    pub(super) fn new(controller: AbortController) -> Self {
        AbortGuard(Some(controller))
    }

    /// There is nothing left to abort.
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortGuard {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// How long requests that begin together may hold the page up: a browser takes up to a millisecond for one.
const BURST: Duration = Duration::from_millis(8);

thread_local! {
    /// Since when this turn of the event loop sends requests.
    static SENDING: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Lets the browser draw between the requests of a large burst.
async fn take_turn() {
    loop {
        match SENDING.get() {
            None => {
                SENDING.set(Some(Instant::now()));
                Timeout::new(0, || SENDING.set(None)).forget();
                return;
            }
            Some(began) if began.elapsed() < BURST => return,
            Some(_) => TimeoutFuture::new(0).await,
        }
    }
}

async fn send(request: HttpRequest) -> Result<HttpReply, TransportError> {
    take_turn().await;
    let not_sent = |message: String| TransportError::NotSent { message };
    let controller = AbortController::new()
        .map_err(|_| not_sent("this browser cannot abort requests; use a newer one".to_string()))?;
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value);
    }
    let init = RequestInit::new();
    match request.method {
        Method::Get => init.set_method("GET"),
        Method::Post => {
            init.set_method("POST");
            init.set_body(&request.body.into());
        }
    }
    init.set_headers(&headers.into_raw());
    init.set_signal(Some(&controller.signal()));
    // A key is for one origin, and a browser would send it along to another one.
    init.set_redirect(RequestRedirect::Manual);
    let guard = AbortGuard::new(controller);
    // Without a `Request` object, whose making and copying is a tenth of what a small call costs.
    let window = web_sys::window().ok_or_else(|| not_sent("there is no page to send from".to_string()))?;
    let sent = JsFuture::from(window.fetch_with_str_and_init(&request.url, &init));
    let Ok(response) = sent.await else { return Err(silence(&request.url).await) };
    let response: web_sys::Response = response.unchecked_into();
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(not_sent(format!(
            "{} sends requests on to another address, where neither the key nor the prompts belong; enter the \
             address that answers as the Base URL",
            host(&request.url)
        )));
    }
    let response = Response::from(response);
    let head = head(&response);
    // A good reply that comes in one piece is asked for in one piece; of an error, half is better
    // than nothing.
    let body = match head.is_success() && head.framing().is_none() {
        true => whole(response, guard, request.url),
        false => body(response, guard, request.url),
    };
    Ok(HttpReply { head, body })
}

fn head(response: &Response) -> Head {
    let readable: Vec<(String, String)> = response.headers().entries().collect();
    let known = |name: &&'static str| {
        let (_, value) = readable.iter().find(|(readable, _)| readable == name)?;
        Some((*name, value.clone()))
    };
    Head {
        status: response.status(),
        headers: READ_HEADERS.iter().filter_map(known).collect(),
        readable: readable.iter().map(|(name, value)| format!("{name}: {value}\n")).collect(),
        wall_ms: js_sys::Date::now() as u64,
    }
}

fn whole(response: Response, guard: AbortGuard, url: String) -> Body {
    once(async move {
        let bytes = response.binary().await.map_err(|_| interrupted(&url))?;
        guard.disarm();
        Ok(bytes)
    })
    .boxed_local()
}

fn interrupted(url: &str) -> TransportError {
    TransportError::Interrupted { message: format!("the connection to {} broke off", host(url)) }
}

fn body(response: Response, guard: AbortGuard, url: String) -> Body {
    let Some(chunks) = response.body().as_ref().and_then(Chunks::of) else { return empty().boxed_local() };
    // The guard lives as long as the body is read.
    let open = Some((chunks, guard));
    unfold((open, url), async |(open, url)| {
        let (chunks, guard) = open?;
        match chunks.next().await {
            Ok(Some(chunk)) => Some((Ok(chunk), (Some((chunks, guard)), url))),
            Ok(None) => {
                guard.disarm();
                None
            }
            Err(_) => {
                let error = interrupted(&url);
                Some((Err(error), (None, url)))
            }
        }
    })
    .boxed_local()
}

/// A browser tells a page no more than that nothing came; the sentence says what that can mean.
async fn silence(url: &str) -> TransportError {
    let host = host(url);
    let around = look_around(url).await;
    // The policy in index.html lets http go to this machine only, and to where the page is from.
    let is_forbidden = reach(url) != Some(Reach::Machine)
        && origin(url).is_some_and(|origin| origin.starts_with("http:") && origin != around.page_origin);
    if is_forbidden || around.permission.as_deref() == Some("denied") {
        let message = format!(
            "the browser does not let this page reach {host}; “Check connection” under Settings says what to do"
        );
        return TransportError::NotSent { message };
    }
    TransportError::Unreachable {
        message: format!(
            "no reply from {host} that this page may read: nothing listens there, the network is down, \
             or the server does not allow pages from other origins (CORS)"
        ),
    }
}
