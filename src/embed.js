// In a frame of somebody's page: tells the page around it how high it is, and waits for a click where
// the link says so. A message is a number of CSS pixels and nothing else.
const words = location.hash.split("&");
const embedded = words.includes("embed=1");

if (embedded) {
  // The picture of the page with all it has.
  document.getElementById("first").hidden = true;
  const tell = () => parent.postMessage(Math.ceil(document.body.getBoundingClientRect().height), "*");
  new ResizeObserver(tell).observe(document.body);
}

/** Until the program may start. */
export const waiting = embedded && words.includes("load=click") ? click() : undefined;

async function click() {
  const main = document.createElement("main");
  main.className = "load";
  const title = document.createElement("h1");
  title.textContent = "Fanout";
  const button = document.createElement("button");
  button.className = "button button-primary";
  button.textContent = "Load the run";
  main.append(title, button);
  document.body.append(main);
  await new Promise((resolve) => button.addEventListener("click", resolve));
  main.remove();
}
