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

// The picture that is there before the program. Its HTML holds no styles, which the policy forbids; and
// where the address asks for another scenario it is not the one that was asked for.
const first = document.getElementById("first");
for (const element of first.querySelectorAll("[data-put]")) element.style.cssText = element.dataset.put;
if (location.hash.length > 2) first.lastElementChild.hidden = true;

const watch = (kind, cause) =>
  addEventListener(kind, (event) => {
    if (cause(event) instanceof WebAssembly.RuntimeError) document.getElementById("crashed").hidden = false;
  });
document.getElementById("reload").onclick = () => location.reload();
watch("error", (event) => event.error);
watch("unhandledrejection", (event) => event.reason);

await waiting;
await start({ module_or_path: new URL(program, import.meta.url) });
