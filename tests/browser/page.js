// Reads the page as assistive technology does: by role, name and visibility.
// Prepended to every script the tests run in the page.

const text = (element) => {
  const copy = element.cloneNode(true);
  copy.querySelectorAll('[aria-hidden="true"], input, select, textarea, output').forEach((part) => part.remove());
  return copy.textContent.replace(/\s+/g, ' ').trim();
};

const nameOf = (element) => {
  const ids = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/);
  const labelledBy = ids.map((id) => document.getElementById(id)).filter(Boolean);
  const labels = labelledBy.length ? labelledBy : [...(element.labels ?? [])];
  return (labelledBy.length ? '' : element.getAttribute('aria-label')) || labels.map(text).join(' ') || text(element);
};

const isVisible = (element) => element.checkVisibility();

// While a dialog is modal, nothing else can be used.
const dialog = () => [...document.querySelectorAll('dialog:modal, [aria-modal="true"]')].filter(isVisible).at(-1);

const find = (selector, name, root = dialog() ?? document) =>
  [...root.querySelectorAll(selector)].find((element) =>
    nameOf(element) === name && (element.type === 'file' || isVisible(element)));

const arm = (name) => document.querySelector(`[data-arm="${name}"]`);

const setValue = (control, value) => {
  const wanted = control instanceof HTMLSelectElement
    ? [...control.options].find((option) => text(option) === value)?.value ?? value
    : value;
  control.value = wanted;
  control.dispatchEvent(new Event('input', { bubbles: true }));
  control.dispatchEvent(new Event('change', { bubbles: true }));
};

// Every state the page was in since the last call, however short.
const watchStates = () => {
  const now = () => document.querySelector('main')?.dataset.runState;
  if (!window.runStates) {
    new MutationObserver((changes) => window.runStates.push(...changes.map((change) => change.oldValue), now()))
      .observe(document.documentElement, { subtree: true, attributeFilter: ['data-run-state'], attributeOldValue: true });
  }
  window.runStates = [];
};

// The status of every reply to what is requested from now on, 0 where it broke off, as the page's
// fetch has it. Only where the browser's timings have none, as in WebKit.
const watchReplies = () => {
  if ('responseStatus' in PerformanceResourceTiming.prototype) return;
  const ask = window.fetch;
  window.replies = [];
  window.fetch = async (name, init) => {
    const reply = { name: new URL(name, document.baseURI).href, responseStatus: 0 };
    window.replies.push(reply);
    const response = await ask(name, init);
    reply.responseStatus = response.status;
    init?.signal?.addEventListener('abort', () => { reply.responseStatus = 0; });
    return response;
  };
};

const statuses = (origin) => (window.replies ?? performance.getEntriesByType('resource'))
  .filter(({ name }) => name.startsWith(origin)).map(({ responseStatus }) => responseStatus);
