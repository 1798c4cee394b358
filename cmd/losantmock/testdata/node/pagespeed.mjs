// How soon the page shows a full journal, filters it, and shows a request that arrives.
// The server's base URL and how many requests it has are the arguments.
import assert from 'node:assert/strict';
import { launch, live, open, send } from './browser.mjs';

const [url, count] = process.argv.slice(2);
const entries = Number(count);
const browser = await launch();
const { page } = await open(browser, url);
await live(page);
// Several tries: the machine may be busy with something else for a while.
let first;
let filter;
let slowest;
const quick = () => first < 1000 && filter < 300 && slowest < 200;
for (let tries = 0; tries < 5 && !quick(); tries++) {
  await page.goto('about:blank');
  const began = Date.now();
  await page.goto(`${url}/__admin/#/requests`);
  await page.waitForSelector('#rows a');
  first = Date.now() - began;
  await live(page);
  await page.getByText(`${entries.toLocaleString('en')} requests`).waitFor();
  // From the moment at which somebody stops to type.
  const word = `n=${entries / 2 + tries}`;
  filter = await page.evaluate((text) => new Promise((resolve) => {
    const began = performance.now();
    const look = () => (document.querySelectorAll('#rows a').length === 1 ? resolve(Math.round(performance.now() - began)) : requestAnimationFrame(look));
    const q = document.getElementById('q');
    q.value = text;
    q.dispatchEvent(new Event('input'));
    look();
  }), word);
  await page.fill('#q', '');
  await page.waitForFunction(() => document.querySelectorAll('#rows a').length === 100);
  slowest = 0;
  for (let i = 0; i < 5; i++) {
    const sent = Date.now();
    await send(url, `/applications?late=${tries}-${i}`);
    await page.locator('#rows a', { hasText: `late=${tries}-${i}` }).waitFor();
    slowest = Math.max(slowest, Date.now() - sent);
  }
}
console.log(`ok the first view in ${first} ms, filtered in ${filter} ms, an arriving one shows within ${slowest} ms`);
await browser.close();
assert.ok(quick());
