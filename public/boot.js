// Starts the program. Its files carry hashes in their names, so the page says what they are called.
const { script, wasm } = document.querySelector("script[data-wasm]").dataset;
const address = (name) => new URL(name, document.baseURI).href;
const { default: start } = await import(address(script));
await start({ module_or_path: address(wasm) });
