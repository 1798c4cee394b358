// The page on a file, in a real browser: a report without a server, and the view of a
// journal file. The server's base URL is the first argument, the journal file that it
// writes the second, a folder to work in the third.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { audit, clipboard, create, hooks, launch, openAt, rows, send, until } from './browser.mjs';

const [url, journal, folder] = process.argv.slice(2);
const run = promisify(execFile);
const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)><!--<script>\u2028\u202eevil\u0000';
const binary = Uint8Array.from([0, 255, 254, 0x3c, 0x2f, 0x73, 0x63, 0x72, 0x69, 0x70, 0x74, 0x3e]);

await create(url, { name: 'Door opened' });
await create(url, '{"big": 12345678901234567890, "name": "Door opened", "responseCode": 2e2, "responseCode": 1000}');
await create(url, { name: hostile, responseCode: 1000 });
await send(url, '/webhooks/the_webhook_token', { method: 'POST', body: binary, headers: { 'Content-Type': 'application/octet-stream', 'X-Odd': '</script>\u00ff' } });
await send(url, `${hooks}?filter=</script>&access_token=a-secret-token`);
await send(url, `/nope/${'long/'.repeat(200)}`);
await copyFile(journal, `${folder}/requests.jsonl`);

const report = `${folder}/report.html`;
await run('losantmock', ['report', `${folder}/requests.jsonl`, '--out', report]);
const text = await readFile(report, 'utf8');
assert.ok(!text.includes('a-secret-token') && !text.includes('Bearer any'), 'secrets are replaced');
assert.equal(text.split('</script>').length, 4, 'no record ends a script');

const browser = await launch();
const asked = [];
const pane = (page) => page.locator('.pane');
const openRow = async (page, of) => {
  await rows(page).filter({ hasText: of }).first().click();
  await page.waitForSelector('.pane .sides');
};

// jobs are those that both do. Screens of detail and list are held to the rules of
// accessibility.
async function jobs(page, name) {
  await until(page, 6);
  assert.match(await page.locator('#trouble').innerText(), /This is the file .*requests\.jsonl.*: nothing can be sent/);
  assert.equal(await page.locator('#views a').count(), 1);
  const lacks = async (...names) => { for (const one of names) assert.equal(await page.getByRole('button', { name: one }).count(), 0, one); };
  await lacks('Pause', 'Reset…', 'Empty the journal…');
  await audit(page, `${name}: the list`);
  await page.getByRole('button', { name: 'Errors' }).click();
  await until(page, 3);
  await page.getByRole('button', { name: 'Errors' }).click();
  await page.fill('#q', 'MORE THAN max');
  await until(page, 1);
  await openRow(page, 'webhook.responseCode');
  await lacks('Replay', 'Remove…');
  assert.equal(await page.locator('mark').textContent(), '1000');
  assert.match(await page.locator('.story').innerText(), /^Refused: webhook\.responseCode is more than maximum/);
  await page.fill('#q', '12345678901234567890');
  await until(page, 1);
  await openRow(page, 'additional');
  await page.waitForFunction(() => document.querySelector('mark')?.textContent === '12345678901234567890');
  assert.match(await pane(page).innerText(), /2e2/);
  await page.reload();
  await page.waitForSelector('mark');
  await page.fill('#q', 'nothing has this');
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await until(page, 6);
  await page.getByText('Filter and sort').click();
  await page.fill('#status', '2xx,405');
  await until(page, 4);
  await page.fill('#status', 'abc');
  await page.locator('.filters .error:not(:empty)').waitFor();
  await page.fill('#status', '');
  await page.selectOption('#operation', 'webhooks.post');
  await until(page, 3);
  await page.selectOption('#operation', '');
  await page.selectOption('#order', { label: 'Oldest first' });
  await page.waitForFunction(() => document.querySelector('#rows .status')?.textContent === '201');
  await page.selectOption('#order', { label: 'By status' });
  await page.waitForFunction(() => document.querySelector('#rows .status')?.textContent === '405');
  await page.selectOption('#order', { label: 'Newest first' });
  console.log(`ok ${name}: list, filter, search, order`);

  await page.fill('#q', 'onerror');
  await until(page, 1);
  await rows(page).first().click();
  const body = page.locator('[aria-label="request body"]');
  await page.waitForFunction(() => document.querySelector('[aria-label="request body"]')?.textContent.includes('</script>'));
  assert.match(await body.innerText(), /U\+202E/);
  await page.getByRole('group', { name: 'Form of the request body' }).getByRole('button', { name: 'Hex' }).click();
  assert.match(await body.innerText(), /^00000000 {2}7b 22/);
  await audit(page, `${name}: a hostile request`);
  await page.fill('#q', 'octet-stream');
  await openRow(page, 'trigger');
  await page.waitForFunction(() => document.querySelector('[aria-label="request body"]')?.textContent.startsWith('00000000  00 ff fe 3c 2f'));
  await page.getByRole('group', { name: 'Form of the request body' }).getByRole('button', { name: 'Raw' }).click();
  assert.match(await body.innerText(), /^U\+0000ÿþ<\/script>/);
  assert.equal(await page.evaluate(() => document.querySelectorAll('img, main script').length), 0);
  console.log(`ok ${name}: hostile and binary records are text`);
}

// A client that never called is a frequent reason for a look.
await writeFile(`${folder}/empty.jsonl`, '');
await run('losantmock', ['report', `${folder}/empty.jsonl`, '--out', `${folder}/empty.html`]);
const empty = await openAt(browser, pathToFileURL(`${folder}/empty.html`).href);
await empty.page.getByText('The file has no requests.').waitFor();
assert.deepEqual(empty.complaints, []);
await empty.page.close();

const file = await openAt(browser, pathToFileURL(report).href);
await file.context.setOffline(true);
file.page.on('request', (request) => asked.push(request.url()));
await jobs(file.page, 'report');
assert.equal(await file.page.getByRole('button', { name: 'Copy as curl' }).count(), 0);
assert.deepEqual(asked.filter((one) => !one.startsWith('data:') && !one.startsWith('file:')), []);
assert.deepEqual(file.complaints, []);
await file.context.setOffline(false);
assert.equal(await file.page.evaluate((to) => new Promise((resolve) => {
  addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
  fetch(to, { mode: 'no-cors' }).then(() => resolve('connected'));
}), url), 'connect-src');

await run('losantmock', ['report', `${folder}/requests.jsonl`, '--out', `${folder}/short.html`, '--max-bytes', '8KB']);
const short = await openAt(browser, pathToFileURL(`${folder}/short.html`).href);
await short.page.getByText(/[1-5] older requests? left out/).waitFor();
assert.ok(await rows(short.page).count() < 6);
await audit(short.page, 'a short report');
assert.deepEqual(short.complaints, []);
console.log('ok a report says what it leaves out');

const viewer = spawn('losantmock', ['view', `${folder}/requests.jsonl`], { stdio: ['ignore', 'pipe', 'inherit'] });
process.on('exit', () => viewer.kill('SIGKILL'));
let address;
for await (const line of createInterface({ input: viewer.stdout })) if ((address = /http:\S+/.exec(line)?.[0])) break;
const view = await openAt(browser, address);
await jobs(view.page, 'view');
await view.page.getByRole('button', { name: 'Copy as curl' }).click();
await view.page.waitForFunction(() => document.getElementById('notice').textContent.includes('curl command copied'));
assert.match(await clipboard(view.page), /curl .*webhooks\/the_webhook_token/);
assert.deepEqual(view.complaints, []);
const base = address.replace('/__admin/', '');
await writeFile(`${folder}/called.json`, '{"operation": "trigger"}');
assert.match((await run('losantmock', ['verify', `${folder}/called.json`, '--times', '1', '--url', base])).stdout, /^ok: 1 request/);
assert.equal((await run('losantmock', ['requests', '--status', '400', '--url', base])).stdout.split('\n').length, 3);

// The report finds, counts and sorts what the server does.
const { recordsSource } = await import(new URL('../../../../mockserver/internal/admin/page/records.js', import.meta.url));
const records = recordsSource(JSON.parse(/<script id="records"[^>]*>(.*?)<\/script>/s.exec(text)[1]));
for (const query of [
  '', 'status=4xx', 'status=2XX, 405', 'status=302', 'errors=true', 'unmatched=true', 'method=GET', 'operation=webhooks.post', 'errors=true&method=POST',
  'q=ONERROR', 'q=x-odd: <', 'q=X-Odd:<', 'q=u: ', 'q=host: 127', 'q=octet', 'q=additional', 'q=</script>', 'q=long/long', 'q="name":', 'q="name": ', 'q=nothing of the sort', 'q=.*',
  ...['sequence', 'time', 'status', 'duration', 'operation', 'method', 'target'].flatMap((sort) => [`sort=${sort}`, `sort=${sort}&direction=asc&limit=3&offset=1`]),
]) {
  const params = Object.fromEntries(new URLSearchParams(query));
  const response = await fetch(`${base}/__admin/requests?${new URLSearchParams({ summary: 'true', ...params })}`);
  const { requests, meta, errors } = await response.json();
  assert.equal(errors, undefined, query);
  if (params.limit) for (const name of ['limit', 'offset']) params[name] = Number(params[name]);
  const found = await records.list(params);
  assert.deepEqual([found.requests.map(({ id }) => id), found.meta], [requests.map(({ id }) => id), meta], query);
}
for (const status of ['abc', '12', '4xx,,', '600', '6xx']) await assert.rejects(records.list({ status }), /is neither a status such as 404 nor a class such as 4xx/);
console.log('ok a report finds what the server finds');

for (const [method, path] of [['GET', '/applications'], ['POST', '/__admin/reset'], ['DELETE', '/__admin/requests'], ['GET', '/__sandbox/a/__admin/requests']]) {
  const response = await send(base, path, { method });
  assert.equal(response.status, 409, `${method} ${path}`);
  assert.match(await response.text(), /shows the journal file/);
}
const ended = once(viewer, 'exit');
viewer.kill('SIGTERM');
await ended;
console.log('ok a view reads, and refuses the rest');
await browser.close();
