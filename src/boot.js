// Starts the program, and says so if it breaks: a panic reaches the browser as a trap.
import start from "fanout-app";
import program from "fanout-app.wasm";
import { waiting } from "./embed.js";

// Leptos writes what never changes in a `view!` as HTML, and the page's Content-Security-Policy lets
// HTML in only through here: tags and attributes that run, load and send nothing.
const tag = "(?!(?:animate\\w*|base|embed|form|i?frame|link|meta|object|script|set|style|template)\\b)[a-z][a-z0-9]*";
const attribute = '(?!on|src|style|href|action|formaction|data=|poster|ping)[a-zA-Z-]+(?:="[^"<>]*")?';
const harmless = new RegExp(`^(?:[^<>]|</?${tag}(?: (?:${attribute}|href="(?:#|https:)[^"<>]*"))* ?/?>)*$`);
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (html) => (harmless.test(html) ? html : null),
  // The one worker there is.
  createScriptURL: (url) => (/^worker\.js$/.test(url) ? url : null),
});

// Where the address asks for another scenario, the picture that is there before the program is not of it.
if (location.hash.length > 2) document.querySelector("#first > main").hidden = true;

// What was pressed last in the picture is pressed in the page that takes its place, where it still stands.
const first = document.getElementById("first");
let pressed;
first.addEventListener("click", ({ clientX, clientY }) => (pressed = [clientX, clientY, scrollY]));
new MutationObserver((_, watching) => {
  if (first.isConnected) return;
  watching.disconnect();
  // Without a press nothing is asked of the layout, which is not there yet.
  if (!pressed) return;
  const [x, y, scrolled] = pressed;
  if (scrolled === scrollY) document.elementFromPoint(x, y)?.closest("button, label, summary")?.click();
}).observe(document.body, { childList: true });

const watch = (kind, cause) =>
  addEventListener(kind, (event) => {
    if (cause(event) instanceof WebAssembly.RuntimeError) document.getElementById("crashed").hidden = false;
  });
document.getElementById("reload").onclick = () => location.reload();
watch("error", (event) => event.error);
watch("unhandledrejection", (event) => event.reason);

// The picture is seen before the program is asked for.
const seen = document.hidden || new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
await Promise.all([waiting, seen]);
await start({ module_or_path: new URL(program, import.meta.url) });
