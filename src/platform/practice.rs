//! The practice server behind the browser's fetch: a service worker hands each request for it back
//! to this page, where the answer is made.

use std::pin::pin;
use std::rc::Rc;

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::channel::oneshot;
use futures::future::{AbortHandle, Abortable, Either, FutureExt, LocalBoxFuture, Shared, join, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, JsString};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MessageEvent, MessagePort, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration};

use super::fetch::Fetch;
use super::worker::{self, container};
use crate::engine::clock::Clock;
use crate::providers::practice::Practice;
use crate::providers::practice::course::Course;
use crate::providers::transport::{Body, HttpReply, HttpRequest, Transport, TransportError};

/// How long the worker may take until it sees what this page requests.
const PATIENCE_MS: u32 = 10_000;
const LOOK_EVERY_MS: u32 = 10;

/// Firefox stops a worker that has heard of nothing for a minute, whatever it still waits for, and then
/// a stream ends as if that were its end.
const WAKE_EVERY_MS: u32 = 10_000;

/// Carries requests by the browser's fetch to a practice server that it keeps open. Dropping it
/// closes the server, and what is unanswered breaks off.
pub struct PracticeNetwork {
    /// Until then the browser would take requests to a server that knows nothing of them.
    is_ready: Shared<LocalBoxFuture<'static, Result<(), TransportError>>>,
    _counter: Counter,
}

impl PracticeNetwork {
    /// None where this browser has no service workers, or not for this page.
    pub fn open(practice: Practice, clock: Rc<dyn Clock>) -> Option<PracticeNetwork> {
        let container = container()?;
        let is_ready = ready(container.clone()).boxed_local().shared();
        Some(PracticeNetwork { is_ready, _counter: Counter::open(container, practice, clock) })
    }
}

impl Transport for PracticeNetwork {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpReply, TransportError>> {
        let is_ready = self.is_ready.clone();
        Box::pin(async move {
            is_ready.await?;
            Fetch.send(request).await
        })
    }

    fn let_end(&self, body: Body) -> LocalBoxFuture<'static, ()> {
        Fetch.let_end(body)
    }
}

/// Waits until the worker sees what this page requests.
async fn ready(container: ServiceWorkerContainer) -> Result<(), TransportError> {
    let failed = || TransportError::NotSent {
        message: "the browser did not start the practice server; Simulated still works".to_string(),
    };
    JsFuture::from(worker::register(&container)).await.map_err(|_| failed())?;
    let registration = JsFuture::from(container.ready().map_err(|_| failed())?);
    let registration: ServiceWorkerRegistration = registration.await.map_err(|_| failed())?.unchecked_into();
    for _ in 0..PATIENCE_MS / LOOK_EVERY_MS {
        if container.controller().is_some() {
            return Ok(());
        }
        // A page that was reloaded past its worker has to ask to be taken in.
        call(registration.active());
        TimeoutFuture::new(LOOK_EVERY_MS).await;
    }
    Err(failed())
}

/// Keeps the worker from falling asleep over what takes long.
async fn keep_awake(container: ServiceWorkerContainer) {
    loop {
        TimeoutFuture::new(WAKE_EVERY_MS).await;
        call(container.controller());
    }
}

/// Says to the worker that this page needs it.
fn call(worker: Option<ServiceWorker>) {
    if let Some(worker) = worker {
        let _ = worker.post_message(&JsValue::NULL);
    }
}

/// Takes requests from the worker, until dropped.
struct Counter {
    container: ServiceWorkerContainer,
    closure: Closure<dyn FnMut(MessageEvent)>,
    answering: AbortHandle,
}

/// The body of a request, and the way back.
type Handed = (String, MessagePort);

impl Counter {
    fn open(container: ServiceWorkerContainer, practice: Practice, clock: Rc<dyn Clock>) -> Self {
        let (handed, requests) = unbounded();
        let closure = Closure::new(move |event| take(&handed, &event));
        let _ = container.add_event_listener_with_callback("message", closure.as_ref().unchecked_ref());
        let (answering, registration) = AbortHandle::new_pair();
        let answers = requests.for_each_concurrent(None, move |(body, port)| {
            answer(practice.answer(&body), Line::open(port), clock.clone())
        });
        let awake = join(answers, keep_awake(container.clone()));
        spawn_local(Abortable::new(awake, registration).map(|_| ()));
        Counter { container, closure, answering }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        let _ = self.container.remove_event_listener_with_callback("message", callback);
        self.answering.abort();
    }
}

fn take(handed: &UnboundedSender<Handed>, event: &MessageEvent) {
    let port = event.ports().get(0).dyn_into::<MessagePort>();
    if let (Some(body), Ok(port)) = (event.data().as_string(), port) {
        let _ = handed.unbounded_send((body, port));
    }
}

/// Gives each part of the answer at its time, as long as somebody reads.
async fn answer(course: Course, mut line: Line, clock: Rc<dyn Clock>) {
    let Some(gone) = line.gone.take() else { return };
    let giving = async {
        clock.sleep_until(course.head_us).await;
        line.head(&course);
        for chunk in course.chunks {
            clock.sleep_until(chunk.at_us).await;
            line.say(&JsString::from(chunk.text));
        }
    };
    if let Either::Left(_) = select(pin!(giving), gone).await {
        line.end();
    }
}

/// The way back to the worker for one answer. Dropped before its end, the answer breaks off.
struct Line {
    port: MessagePort,
    gone: Option<oneshot::Receiver<()>>,
    _closure: Closure<dyn FnMut()>,
}

impl Line {
    fn open(port: MessagePort) -> Line {
        let (leave, gone) = oneshot::channel();
        let mut leave = Some(leave);
        let closure = Closure::new(move || {
            let _ = leave.take().map(|leave| leave.send(()));
        });
        port.set_onmessage(Some(closure.as_ref().unchecked_ref()));
        Line { port, gone: Some(gone), _closure: closure }
    }

    fn head(&self, course: &Course) {
        let pair = |name: &str, value: &str| Array::of2(&name.into(), &value.into());
        let headers: Array = course.headers.iter().map(|(name, value)| pair(name, value)).collect();
        self.say(&Array::of2(&course.status.into(), &headers));
    }

    fn end(&self) {
        self.say(&JsValue::NULL);
    }

    fn say(&self, word: &JsValue) {
        let _ = self.port.post_message(word);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // After its end nobody hears this.
        self.say(&JsValue::FALSE);
        self.port.set_onmessage(None);
        self.port.close();
    }
}
