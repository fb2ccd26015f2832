//! Requests through the browser's fetch, aborted when dropped.

use futures::StreamExt;
use futures::future::LocalBoxFuture;
use futures::stream::{empty, once, unfold};
use gloo_net::http::{Request, RequestBuilder, Response};
use web_sys::AbortController;

use super::stream::Chunks;
use crate::providers::transport::{
    Body, Head, HttpReply, HttpRequest, READ_HEADERS, Transport, TransportError,
};

/// The browser's fetch.
pub struct Fetch;

impl Transport for Fetch {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpReply, TransportError>> {
        Box::pin(send(request))
    }
}

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
struct AbortGuard(AbortController);

impl Drop for AbortGuard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn send(request: HttpRequest) -> Result<HttpReply, TransportError> {
    let not_sent = |message: String| TransportError::NotSent { message };
    let controller = AbortController::new()
        .map_err(|_| not_sent("this browser cannot abort requests; use a newer one".to_string()))?;
    let mut builder = RequestBuilder::new(&request.url)
        .method(gloo_net::http::Method::POST)
        .abort_signal(Some(&controller.signal()));
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let guard = AbortGuard(controller);
    let built = builder
        .body(request.body)
        .map_err(|_| not_sent(format!("“{}” is not an address a request can go to", request.url)))?;
    let response = built.send().await.map_err(|_| unreachable(&request.url))?;
    let head = head(&response);
    // A good reply that comes in one piece is asked for in one piece; of an error, half is better
    // than nothing.
    let body = match head.is_success() && !head.is_event_stream() {
        true => whole(response, guard, request.url),
        false => body(response, guard, request.url),
    };
    Ok(HttpReply { head, body })
}

fn head(response: &Response) -> Head {
    let headers = response.headers();
    // Of a good reply only its type counts; each of the others would take a call into the browser.
    let read = if response.ok() { &READ_HEADERS[..1] } else { &READ_HEADERS[..] };
    Head {
        status: response.status(),
        headers: read.iter().filter_map(|name| Some((*name, headers.get(name)?))).collect(),
        wall_ms: js_sys::Date::now() as u64,
    }
}

fn whole(response: Response, guard: AbortGuard, url: String) -> Body {
    once(async move {
        let bytes = response.binary().await;
        drop(guard);
        bytes.map_err(|_| interrupted(&url))
    })
    .boxed_local()
}

fn interrupted(url: &str) -> TransportError {
    TransportError::Interrupted { message: format!("the connection to {} broke off", host_of(url)) }
}

fn body(response: Response, guard: AbortGuard, url: String) -> Body {
    let Some(chunks) = response.body().as_ref().and_then(Chunks::of) else { return empty().boxed_local() };
    // The guard lives as long as the body is read.
    let open = Some((chunks, guard));
    unfold((open, url), async |(open, url)| {
        let (chunks, guard) = open?;
        match chunks.next().await {
            Ok(chunk) => Some((Ok(chunk?), (Some((chunks, guard)), url))),
            Err(_) => {
                let error = interrupted(&url);
                Some((Err(error), (None, url)))
            }
        }
    })
    .boxed_local()
}

/// A browser tells a page no more than that nothing came; the sentence says what that can mean.
fn unreachable(url: &str) -> TransportError {
    TransportError::Unreachable {
        message: format!(
            "no reply from {} that this page may read: nothing listens there, the network is down, \
             or the server does not allow pages from other origins (CORS)",
            host_of(url)
        ),
    }
}

fn host_of(url: &str) -> String {
    match web_sys::Url::new(url) {
        Ok(url) => url.host(),
        Err(_) => url.to_string(),
    }
}
