// Every view of the page, and the way there. `at` stands behind `#/` in the address, `go` is what a
// person does once the run is there; what is there on a `desk` only, no phone has. The tests look at them with axe, `make pictures` with a camera.

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const seen = async (check) => {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(20)) {
    const found = check();
    if (found) return found;
  }
  throw new Error(`not seen: ${check}`);
};

// Where the page is narrow, some buttons stand in its menu.
const menu = () => find('button[aria-expanded=false]', 'Menu')?.click();
const press = async (name) => {
  const button = () => find('button, [role=button]', name);
  if (!button()) menu();
  (await seen(button)).click();
};
const runIs = (state) => seen(() => document.querySelector('main')?.dataset.runState === state);
const unfold = async (selector) => { (await seen(() => document.querySelector(selector))).open = true; };
const type = async (label, words) => setValue(await seen(() => find('input, textarea, select', label)), words);

const edit = async (name) => {
  await press({ sectioning: 'Sectioning', voting: 'Voting', 'map-reduce': 'Map-reduce' }[name]);
  await unfold(`[data-arm="${name}"] .editor`);
  await seen(() => arm(name).querySelector('.editor textarea'));
};

const goLive = async () => (await seen(() => find('input', 'Live'))).click();

const runLive = async () => {
  await goLive();
  await press('Run all');
  await seen(() => document.querySelector('[data-state=streaming]'));
};

const keepTwo = async () => {
  await press('Run all');
  await press('To the end');
  await type('Concurrency', '2');
  await press('Runs');
  await press('Keep this run');
  await seen(() => document.querySelectorAll('.kept-runs > li').length === 2);
};

const settings = async (provider) => {
  await press('Settings');
  await type('Provider', provider);
};

// All groups are looked at, each by a test of its own.
const VIEWS = {
  page: {
    first: {},
    rows: { desk: true, go: () => press('Rows') },
    'one arm': { at: 'bill-of-rights.1&arm=3' },
    list: { at: 'bill-of-rights.1&v=list' },
    inspector: { at: 'bill-of-rights.1&sel=3.9' },
    'a moment': { at: 'bill-of-rights.1&t=9000' },
    changed: {
      at: 'bill-of-rights.1&t=9000',
      go: async () => {
        await type('Concurrency', '3');
        await seen(() => document.querySelector('.fork'));
      },
    },
    'all findings': {
      go: async () => {
        await unfold('.findings');
        for (const kept of document.querySelectorAll('.kept')) kept.open = true;
        for (const button of document.querySelectorAll('.answers-head button')) button.click();
        await seen(() => document.querySelector('.kept-line'));
      },
    },
    'all controls': { go: () => unfold('.more') },
    'another scenario': { at: 'weather-stations.1' },
  },
  phone: {
    first: {},
    menu: { go: () => press('Menu') },
    'all controls': { go: () => unfold('.more') },
    list: { at: 'bill-of-rights.1&v=list' },
    inspector: { at: 'bill-of-rights.1&sel=3.9' },
    settings: { go: () => press('Settings') },
    share: { go: () => press('Share') },
  },
  editing: {
    sectioning: { go: () => edit('sectioning') },
    voting: { at: 'bill-of-rights.1&judge=1', go: () => edit('voting') },
    'map-reduce': { go: () => edit('map-reduce') },
    'from right to left': {
      go: async () => {
        await edit('voting');
        await type('Question', 'איזו עיר היא בירת צרפת? ענו במילה אחת בלבד.');
        await type('Answers to choose from one a line; none for a free answer', 'פריז\nליון\nמרסיי');
      },
    },
    'very long': {
      go: async () => {
        await edit('sectioning');
        await type('Topic', `${'a-word-without-an-end-'.repeat(20)} ${'and many words '.repeat(80)}`);
        await type('Section', 'A-section-with-a-name-that-is-longer-than-any-label-can-hold');
      },
    },
  },
  trouble: {
    failures: { at: 'bill-of-rights.1&faults=40&tries=1' },
    'a failed call': {
      at: 'bill-of-rights.1&faults=40&tries=1',
      go: () => seen(() => document.querySelector('.row:has([data-mark=failed]) button')).then((row) => row.click()),
    },
    'a list of failures': { at: 'bill-of-rights.1&faults=40&tries=1&v=list' },
    'all failed': { at: 'bill-of-rights.1&faults=50&tries=1&fail=fail-fast' },
    'a damaged link': { at: 's1z.eJwrSS0uAQAEXQHB' },
    'not all taken': { at: 'bill-of-rights.1&cap=0&colour=red' },
    'an arm that cannot run': {
      go: async () => {
        await edit('voting');
        await type('Question', '');
      },
    },
    'work put aside': {
      go: async () => {
        await type('Concurrency', '4');
        await type('Ready scenarios', 'Gettysburg Address: too small to pay');
        await seen(() => find('button', 'Back to my work'));
      },
    },
    crashed: { go: () => { document.getElementById('crashed').hidden = false; } },
  },
  live: {
    empty: { go: goLive },
    running: { go: runLive },
    stopped: {
      go: async () => {
        await runLive();
        await press('Stop');
        await runIs('stopped');
      },
    },
    'asked before': {
      go: async () => {
        await settings('OpenAI');
        await type('Model', 'gpt-4o');
        await type('API key', 'sk-of-nobody');
        await type('Ask before a run that may cost more than, in USD', '0');
        await press('Done');
        await goLive();
        await press('Run all');
        await seen(() => find('button', 'Run live'));
      },
    },
  },
  dialogs: {
    settings: { go: () => press('Settings') },
    'settings of a provider': {
      go: async () => {
        await settings('OpenAI');
        await unfold('.prices');
        await press('Copy as curl');
        await seen(() => document.querySelector('.commands code'));
      },
    },
    share: { go: () => press('Share') },
    'share all': {
      go: async () => {
        await press('Share');
        await press('The whole scenario');
        await unfold('.share details');
      },
    },
    'share large': {
      go: async () => {
        await press('Share');
        await press('Show large');
      },
    },
    'share a secret': {
      go: async () => {
        await edit('voting');
        await type('Question', 'Is sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD a key?');
        await press('Share');
        await seen(() => document.querySelector('.secrets'));
      },
    },
    'no runs': { go: () => press('Runs') },
    runs: { go: keepTwo },
    compare: {
      go: async () => {
        await keepTwo();
        for (const name of ['Pin', 'Pin']) {
          (await seen(() => document.querySelector('.kept-runs [aria-pressed=false]'))).click();
          await sleep(50);
        }
        await seen(() => document.querySelector('.run-table'));
      },
    },
    keys: { go: () => press('Keys') },
  },
  elsewhere: {
    presented: { at: 'bill-of-rights.1&present=1', go: () => press('One event on') },
    'presented with a verdict': {
      at: 'bill-of-rights.1&present=1&t=9000',
      go: () => { document.documentElement.dataset.revealed = ''; },
    },
    embedded: { at: 'gettysburg.1&embed=1&arm=3' },
    'embedded, all arms': { at: 'gettysburg.1&embed=1' },
    'before a click': { at: 'gettysburg.1&embed=1&load=click' },
  },
};

// Goes on from the address to the view, and stays until the verdict is told and nothing moves.
const show = async (group, name) => {
  const { at = '', go = () => {} } = VIEWS[group][name];
  if (at.includes('load=click')) return seen(() => find('button', 'Load the run'));
  await runIs('done');
  await seen(() => !document.querySelector('.verdict-lead[aria-busy=true]'));
  await go();
  await seen(() => document.querySelector('main').dataset.runState === 'running'
    || !document.querySelector('.verdict-lead[aria-busy=true]'));
  await sleep(200);
  return null;
};
