// Every page of build/book in headless Chromium, from the file system and without a
// network: in both themes, on a phone and on a desktop. Then search, keys, theme.
// tests/browser.py starts it, where everything is there that it needs.

import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [book, modules, chromium, only = ''] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, 'package.json'));
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const SIDE_BY_SIDE = 3;
const WITH_CODE = /03_many|exercises|common\/base/;

const url = (page) => pathToFileURL(path.resolve(book, page)).href;
const pages = fs.readdirSync(book, { recursive: true })
  .filter((name) => /^((en|zh)\/.*|index)\.html$/.test(name) && !name.includes('_static') && name.includes(only)).sort();

// What is wrong with one page, as sentences.
async function faults(browser, name) {
  const found = [];
  const tab = await browser.newPage();
  tab.on('console', (line) => line.type() === 'error' && found.push(`console: ${line.text()}`));
  tab.on('pageerror', (error) => found.push(`script: ${error.message}`));
  tab.on('request', (request) => request.url().startsWith('http')
    && found.push(`asks the network for ${request.url()}`));
  tab.on('requestfailed', (request) => found.push(`cannot load ${request.url()}`));
  await tab.goto(url(name));
  await tab.evaluate(axe);
  for (const colorScheme of ['light', 'dark']) {
    await tab.emulateMedia({ colorScheme });
    for (const [device, size] of Object.entries(SIZES)) {
      await tab.setViewportSize(size);
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) { found.push(`${wide} pixels too wide on a ${device}`); }
    }
    // Code has the same few colours everywhere, and axe is slow: most pages lose them here.
    await tab.evaluate((keeps) => keeps || document.querySelectorAll('pre').forEach(
      (code) => { code.textContent = code.textContent; }), WITH_CODE.test(name));
    const rules = colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : {};
    const violations = await tab.evaluate((rules) => axe.run({
      ...rules, preload: false, resultTypes: ['violations'],
    }).then((results) => results.violations), rules);
    for (const { id, impact, nodes } of violations) {
      if (['serious', 'critical'].includes(impact)) {
        found.push(`axe, ${colorScheme}: ${id}: ${nodes[0].html.slice(0, 120)}`);
      }
    }
  }
  await tab.close();
  return [...new Set(found)];
}

async function search(browser, language, word) {
  const tab = await browser.newPage();
  await tab.goto(url(`${language}/index.html`));
  await tab.keyboard.press('/');
  await tab.keyboard.type(word);
  await tab.keyboard.press('Enter');
  const results = tab.locator('#search-results li a');
  await results.first().waitFor({ timeout: 30000 }).catch(() => {});
  const count = await results.count();
  if (count === 0) { return [`no page is found for ${word}`]; }
  await results.first().click();
  const text = await tab.textContent('main');
  await tab.close();
  return text.toLowerCase().includes(word) ? [] : [`the first page does not have ${word}`];
}

async function keys(browser) {
  const tab = await browser.newPage();
  await tab.goto(url('en/03_many.html'));
  await tab.keyboard.press('ArrowRight');
  await tab.waitForURL(/04_arguments/, { timeout: 30000 });
  await tab.keyboard.press('ArrowLeft');
  await tab.waitForURL(/03_many/, { timeout: 30000 });
  await tab.keyboard.press('Tab');
  const first = await tab.evaluate(() => document.activeElement.getAttribute('href'));
  await tab.close();
  return first === '#main' ? [] : [`the first Tab leads to ${first}`];
}

async function theme(browser) {
  const tab = await browser.newPage({ colorScheme: 'light' });
  const colour = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await tab.goto(url('en/index.html'));
  const light = await colour();
  await tab.click('#theme');
  const dark = await colour();
  await tab.goto(url('en/03_many.html'));
  const kept = await colour();
  await tab.close();
  return light !== dark && kept === dark ? [] : [`${light}, then ${dark}, then ${kept}`];
}

const cases = [
  ...pages.map((name) => [name, (browser) => faults(browser, name)]),
  ['search finds "process"', (browser) => search(browser, 'en', 'process')],
  ['search finds 进程', (browser) => search(browser, 'zh', '进程')],
  ['/, the arrow keys and Tab do what they should', keys],
  ['the theme that was chosen stays', theme],
];

console.log(`1..${cases.length}`);
const { chromium: engine } = require('playwright-core');
const browser = await engine.launch({ executablePath: chromium, args: ['--no-sandbox'] });
let next = 0, done = 0;
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, async () => {
  while (next < cases.length) {
    const [name, run] = cases[next++];
    const found = await run(browser).catch((error) => [error.message]);
    console.log(found.length ? 'not ok' : 'ok', ++done, '-', name);
    found.forEach((fault) => console.log(`# ${name}: ${fault}`));
  }
}));
await browser.close();
