// A browser for the tests of the page: what each of them needs of it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { chromium } from 'playwright-core';

export const hooks = '/applications/575ec8687ae143cd83dc4a97/webhooks';

// sized returns the value for the size of this run: go test takes a small sample of what is
// listed, CI a larger one.
export const sized = (small, ci, all) => ({ ci, all }[process.env.LAB_SIZE] ?? small);

const axe = await readFile(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const size = { width: 1280, height: 800 };

// launch returns a browser.
export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// open returns an open page of a server, in a context of its own. What the page
// complains of, such as a report of its policy, is in complaints.
export const open = (browser, url, hash = '') => openAt(browser, `${url}/__admin/${hash}`);

// openAt is open for any address.
export async function openAt(browser, address) {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], viewport: size, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(Number(process.env.PATIENCE ?? 120000));
  const complaints = [];
  page.on('console', (message) => { if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  pages.push(page);
  await page.goto(address);
  return { page, context, complaints };
}

// A test that fails says what its pages show.
const pages = [];
process.on('uncaughtException', async (error) => {
  console.error(error);
  for (const page of pages) {
    if (page.isClosed()) continue;
    const shown = page.evaluate(() => ({
      address: location.hash,
      focus: document.activeElement?.outerHTML.slice(0, 200),
      pointer: [...document.querySelectorAll(':hover')].at(-1)?.outerHTML.slice(0, 200),
      text: document.body.innerText.slice(0, 1000),
    })).catch(String);
    console.error(await Promise.race([shown, new Promise((resolve) => { setTimeout(resolve, 10000, 'the page does not respond'); })]));
  }
  process.exit(1);
});

export const send = (url, path, init = {}) => fetch(url + path, { ...init, headers: { Authorization: 'Bearer any', 'Content-Type': 'application/json', ...init.headers } });
export const create = (url, fields) => send(url, hooks, { method: 'POST', body: typeof fields === 'string' ? fields : JSON.stringify(fields) });

export const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
export const live = (page) => page.waitForFunction(() => document.getElementById('live').textContent === 'live');
export const rows = (page) => page.locator('#rows a');
export const until = (page, count) => page.waitForFunction((n) => document.querySelectorAll('#rows a').length === n, count);
export const noticed = (page, text) => page.waitForFunction((wanted) => document.getElementById('notice').textContent.includes(wanted), text);

// view shows a view by its link.
export async function view(page, name) {
  await page.click(`#views [data-key="${name}"]`);
  await page.waitForSelector(`#views [data-key="${name}"][aria-current]`);
}

// How many audits there are for each that is made, in the sizes of what is listed.
const rare = sized(7, 7, 1);
let audits = 0;
// audit holds what is shown to the rules of accessibility, wide and narrow, light and
// dark, and finds nothing that makes the page wider than its window.
export async function audit(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 768, 360]) {
      if (audits++ % rare !== 0) continue;
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      // The page's policy lets no script in; the tool runs beside it.
      await page.evaluate(`${axe};window.axe = axe`);
      const { violations } = await page.evaluate(() => window.axe.run());
      assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ').slice(0, 300)}`), [], `${name} ${colorScheme} ${width}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name} at ${width}: ${overflow}px too wide`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(size);
}

// freePort returns a port that nothing listens on.
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// serve starts a server of its own, and returns what ends it.
export async function serve(port, ...args) {
  const command = spawn('losantmock', ['serve', '--quiet', '--listen', `127.0.0.1:${port}`, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  command.stdout.resume();
  const kill = () => command.kill('SIGKILL');
  process.on('exit', kill); // also when a test fails
  for (let ended = false; !ended;) {
    ended = await fetch(`http://127.0.0.1:${port}/__admin/docs`).then(() => true, () => false);
    assert.equal(command.exitCode, null, 'the server runs');
    if (!ended) await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return async () => {
    process.off('exit', kill);
    const ended = once(command, 'exit');
    command.kill('SIGTERM');
    await ended;
  };
}
