// Runs before anything of the page does, and notes whatever text from outside must not bring about.
(() => {
  const noted = (window.noted = []);
  const hosts = (window.hosts = new Set());
  const note = (...words) => noted.push(words.join(' ').slice(0, 300));

  document.addEventListener('securitypolicyviolation', (event) =>
    note('policy:', event.effectiveDirective, event.blockedURI, event.sample));
  // Capturing, since what fails to load says so where it is.
  addEventListener('error', ({ message, target }) => note('error:', message ?? target.outerHTML), true);
  addEventListener('unhandledrejection', ({ reason }) => note('error:', reason));
  console.error = (...words) => note('error:', ...words);
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = () => note('called:', name);
  Object.defineProperty(window, '__pwned', { set: () => note('ran') });

  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) if (/^(https?|wss?):/.test(name)) hosts.add(new URL(name).host);
  }).observe({ type: 'resource', buffered: true });

  const forbidden = 'script, style, link, base, meta, iframe, frame, object, embed, img, picture, video, audio, form, template, math';
  const check = (element) => {
    if (element.matches(forbidden)) note('element:', element.outerHTML);
    for (const { name, value } of element.attributes) {
      const isAddress = ['href', 'src', 'xlink:href', 'action', 'formaction', 'data', 'srcdoc'].includes(name);
      if (/^on/i.test(name) || name === 'srcdoc') note('attribute:', element.outerHTML);
      if (isAddress && !/^(https?:\/\/|mailto:|#|blob:)/i.test(value)) note('address:', value);
    }
  };
  const watch = () =>
    new MutationObserver((changes) => {
      for (const { target, addedNodes, type } of changes) {
        if (type === 'attributes') check(target);
        for (const node of addedNodes) {
          if (node instanceof Element) [node, ...node.querySelectorAll('*')].forEach(check);
        }
      }
    }).observe(document, { subtree: true, childList: true, attributes: true });
  // What index.html itself holds is there by now, and the page's program has not run yet.
  document.addEventListener('readystatechange', watch, { once: true });
})();
