// Starts the program, and says so if it breaks: a panic reaches the browser as a trap.
import start from "fanout-app";
import program from "fanout-app.wasm";

const watch = (kind, cause) =>
  addEventListener(kind, (event) => {
    if (cause(event) instanceof WebAssembly.RuntimeError) document.getElementById("crashed").hidden = false;
  });
watch("error", (event) => event.error);
watch("unhandledrejection", (event) => event.reason);

await start({ module_or_path: new URL(program, import.meta.url) });
