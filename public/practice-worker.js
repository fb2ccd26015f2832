// The practice server's place in the network: takes requests for it and hands each to the page that
// made it, with a port to answer through. It decides nothing; the page does, see src/providers/practice.
//
// Through the port come a head, [status, [[name, value], …]], then texts, then null for the end;
// closed before that, it says false. Back goes one message: nobody reads on. The page asks for this
// file by the version of these words, so that one with others is another worker.

const path = new URL("practice/v1/chat/completions", registration.scope).pathname;
const encoder = new TextEncoder();

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
// A page calls where it was reloaded past its worker, to be taken in again, and now and then while it
// waits for answers: each call puts off the browser's stopping the worker.
addEventListener("message", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  if (new URL(event.request.url).pathname !== path) return;
  const reply = replyOf(event);
  event.respondWith(reply.then(({ response }) => response));
  // Without this the browser may stop the worker in the middle of a long answer.
  event.waitUntil(reply.then(({ over }) => over));
});

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
