// Two things: the page without a network, and the practice server's place in the network.
//
// The page's files are kept as they are installed. Those with a hash in their names are taken from
// there; the others come from the network where there is one, so a reload brings what is new.
//
// Requests for the practice server are handed to the page that made them, each with a port to answer
// through. Nothing of it is decided here; the page does, see src/providers/practice.
//
// Through the port come a head, [status, [[name, value], …]], then texts, then null for the end;
// closed before that, it says false. Back goes one message: nobody reads on.

// The build writes the page's files here, and a hash of them all.
const { version, files } = { version: "", files: [] };

const path = new URL("practice/v1/chat/completions", registration.scope).pathname;
const encoder = new TextEncoder();

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(version).then((cache) => cache.addAll(files)));
});
addEventListener("activate", (event) => event.waitUntil(Promise.all([clients.claim(), dropOld()])));

async function dropOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== version).map((name) => caches.delete(name)));
}
// A page calls where it was reloaded past its worker, to be taken in again, and now and then while it
// waits for answers: each call puts off the browser's stopping the worker.
addEventListener("message", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (pathname !== path) {
    const isOurs = origin === location.origin && event.request.method === "GET";
    if (isOurs && pathname.startsWith(new URL(registration.scope).pathname)) event.respondWith(page(event.request));
    return;
  }
  const reply = replyOf(event);
  event.respondWith(reply.then(({ response }) => response));
  // Without this the browser may stop the worker in the middle of a long answer.
  event.waitUntil(reply.then(({ over }) => over));
});

async function page(request) {
  const kept = () => caches.match(request, { ignoreSearch: request.mode === "navigate" });
  if (/-[A-Z0-9]{8}\.\w+$/.test(new URL(request.url).pathname)) return (await kept()) ?? fetch(request);
  try {
    return await fetch(request);
  } catch (error) {
    const answer = await kept();
    if (answer) return answer;
    throw error;
  }
}

async function replyOf({ request, clientId }) {
  const [body, page] = await Promise.all([request.text(), clients.get(clientId)]);
  if (!page) return { response: Response.error() };
  const { port1: port, port2: pagesPort } = new MessageChannel();
  const { promise: over, resolve } = Promise.withResolvers();
  const { promise: response, resolve: respond } = Promise.withResolvers();
  const end = () => {
    port.close();
    resolve();
  };
  let stream;
  const source = {
    start: (controller) => (stream = controller),
    cancel() {
      port.postMessage(null);
      end();
    },
  };
  port.onmessage = ({ data }) => {
    if (Array.isArray(data)) {
      const [status, headers] = data;
      respond(new Response(new ReadableStream(source), { status, headers }));
    } else if (typeof data === "string") {
      stream.enqueue(encoder.encode(data));
    } else {
      if (data === null) stream.close();
      else if (stream) stream.error(new TypeError("the practice server was closed"));
      else respond(Response.error());
      end();
    }
  };
  page.postMessage(body, [pagesPort]);
  return { response: await response, over };
}
