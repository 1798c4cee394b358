// How soon the page shows a full journal, filters it, and shows a request that arrives.
// The server's base URL and how many requests it has are the arguments.
import assert from 'node:assert/strict';
import { launch, live, open, send } from './browser.mjs';

const [url, count] = process.argv.slice(2);
const entries = Number(count);
const browser = await launch();
const { page } = await open(browser, url);
await live(page);
// The best of several tries, for each figure: the machine may be busy with something else.
const limits = { first: 1000, filter: 300, arriving: 200 };
const best = { first: Infinity, filter: Infinity, arriving: Infinity };
const missed = () => Object.keys(limits).filter((name) => best[name] >= limits[name]);
for (let tries = 0; tries < 10 && missed().length > 0; tries++) {
  await page.goto('about:blank');
  const began = Date.now();
  await page.goto(`${url}/__admin/#/requests`);
  await page.waitForSelector('#rows a');
  const first = Date.now() - began;
  await live(page);
  await page.getByText(`${entries.toLocaleString('en')} requests`).waitFor();
  // From the moment at which somebody stops to type.
  const word = `n=${entries / 2 + tries}`;
  const filter = await page.evaluate((text) => new Promise((resolve) => {
    const began = performance.now();
    const look = () => (document.querySelectorAll('#rows a').length === 1 ? resolve(Math.round(performance.now() - began)) : requestAnimationFrame(look));
    const q = document.getElementById('q');
    q.value = text;
    q.dispatchEvent(new Event('input'));
    look();
  }), word);
  await page.fill('#q', '');
  await page.waitForFunction(() => document.querySelectorAll('#rows a').length === 100);
  let arriving = 0; // the slowest
  for (let i = 0; i < 5; i++) {
    const sent = Date.now();
    await send(url, `/applications?late=${tries}-${i}`);
    await page.locator('#rows a', { hasText: `late=${tries}-${i}` }).waitFor();
    arriving = Math.max(arriving, Date.now() - sent);
  }
  for (const [name, took] of Object.entries({ first, filter, arriving })) best[name] = Math.min(best[name], took);
  console.log(`try ${tries + 1}: the first view in ${first} ms, filtered in ${filter} ms, an arriving one shows within ${arriving} ms`);
}
await browser.close();
assert.deepEqual(missed(), [], JSON.stringify(best));
console.log(`ok the first view in ${best.first} ms, filtered in ${best.filter} ms, an arriving one shows within ${best.arriving} ms`);
