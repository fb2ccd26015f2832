// Takes a picture of every view of the built page, as people with different screens and settings see
// it, into pictures/, and lists them side by side in pictures/index.html.
// `pictures.mjs WORD…` takes those only whose name has one of the words.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { serve } from "./serve.mjs";

const { chromium } = createRequire(`${process.env.FANOUT_SERVERS}/`)("playwright-core");
const FOLDER = "pictures";
const words = process.argv.slice(2);

const DESK = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

const sized = (width, height) => (page) => page.setViewportSize({ width, height });

/** Who looks, in this order, and how the page is changed for them. */
const AT_DESKS = {
  light: (page) => page.emulateMedia({ colorScheme: "light" }),
  dark: (page) => page.emulateMedia({ colorScheme: "dark" }),
};
const ON_PHONES = { phone: () => {} };
/** Who looks at some views only. */
const OTHERS_AT_DESKS = {
  "less motion": (page) => page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" }),
  "on paper": (page) => page.emulateMedia({ media: "print" }),
  "zoomed to 200 %": async (page) => { await page.emulateMedia({ media: "screen" }); await sized(640, 450)(page); },
  "as wide as a wall": sized(2560, 1300),
  "forced colours": async (page) => {
    await sized(1280, 900)(page);
    await page.emulateMedia({ forcedColors: "active" });
  },
  "forced colours, dark": (page) => page.emulateMedia({ colorScheme: "dark" }),
};
const LARGE_TEXT = { "text of 200 %": () => {} };
const OTHERS_ON_PHONES = { "phone, dark": (page) => page.emulateMedia({ colorScheme: "dark" }) };
const WITH_OTHERS = [
  "page: first", "page: list", "page: inspector", "page: all controls", "trouble: failures", "dialogs: settings",
  "dialogs: compare", "elsewhere: presented",
];

const script = ["page.js", "views.js"].map((name) => readFileSync(`tests/browser/${name}`, "utf8")).join("\n");
const inPage = (page, code) => page.evaluate(`(async () => { ${script}\n${code} })()`);

const program = execFileSync("scripts/browser.sh", ["chromium"], { encoding: "utf8" }).trim();
const launch = (...more) =>
  chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu", ...more] });
const [browser, large] = await Promise.all([launch(), launch("--blink-settings=defaultFontSize=32")]);
const site = await serve("dist");
const views = await (async () => {
  const page = await browser.newPage();
  const views = await inPage(page, "return Object.entries(VIEWS).flatMap(([group, views]) => Object.entries(views).map(([name, { at = '', desk = false }]) => ({ group, name, at, desk })))");
  await page.close();
  return views;
})();

/** Takes the pictures of a view on one screen; says how many were missed. */
async function take({ group, name, at }, [browser, screen], lookers) {
  const context = await browser.newContext({ ...screen, locale: "en-GB" });
  const page = await context.newPage();
  let missed = lookers.length;
  try {
    await page.goto(`${site}#/${at}`);
    await inPage(page, `return show(${JSON.stringify(group)}, ${JSON.stringify(name)})`);
    for (const { file, change } of lookers) {
      await change(page);
      // A whole page has its replay bar once, at its end.
      const whole = await inPage(page, `
        const covered = document.querySelector("dialog[open], .inspector:not([hidden])");
        // What the browser leaves out until somebody scrolls to it.
        for (const answer of document.querySelectorAll(".answer")) answer.style.setProperty("content-visibility", "visible");
        document.querySelector(".transport")?.style.setProperty("position", covered ? "" : "static");
        await sleep(300);
        return !covered`);
      await page.screenshot({ path: `${FOLDER}/${file}`, fullPage: whole });
      console.log(`${FOLDER}/${file}`);
      missed -= 1;
    }
  } catch (error) {
    console.error(`${group}: ${name}: ${error.message}`);
  }
  await context.close();
  return missed;
}

mkdirSync(FOLDER, { recursive: true });
const sections = [];
let missed = 0;
for (const view of views) {
  const named = `${view.group}: ${view.name}`;
  const others = WITH_OTHERS.includes(named);
  const screens = [];
  if (view.group !== "phone") screens.push([[browser, DESK], { ...AT_DESKS, ...(others && OTHERS_AT_DESKS) }]);
  if (!view.desk) screens.push([[browser, PHONE], { ...ON_PHONES, ...(others && OTHERS_ON_PHONES) }]);
  if (others) screens.push([[large, DESK], LARGE_TEXT]);
  const figures = [];
  for (const [screen, changes] of screens) {
    const lookers = Object.entries(changes).map(([looker, change]) => {
      const title = `${named}, ${looker}`;
      return { title, change, file: `${title.replace(/[^a-z0-9]+/gi, "-")}.png` };
    });
    figures.push(...lookers.map(({ title, file }) =>
      `<figure><img src="${file}" alt="${title}"><figcaption>${title}</figcaption></figure>`));
    const isWanted = !words.length || words.some((word) => lookers.some(({ title }) => title.includes(word)));
    if (isWanted) missed += await take(view, screen, lookers);
  }
  sections.push(`<section>${figures.join("")}</section>`);
}
const style = "body{font:14px sans-serif;background:#888}section{display:flex;gap:8px;align-items:start;margin-bottom:24px}figure{margin:0}img{max-width:640px}";
writeFileSync(`${FOLDER}/index.html`, `<!DOCTYPE html><meta charset="utf-8"><title>Fanout in pictures</title><style>${style}</style>${sections.join("\n")}`);
await Promise.all([browser.close(), large.close()]);
process.exit(missed ? 1 : 0);
