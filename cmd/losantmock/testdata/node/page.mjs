// The page in a real browser. The server's base URL is the first argument; a
// second one is a folder for screenshots.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const [url, shots] = process.argv.slice(2);
const hooks = '/applications/575ec8687ae143cd83dc4a97/webhooks';
const axe = await readFile(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const send = (path, init = {}) => fetch(url + path, { ...init, headers: { Authorization: 'Bearer any', 'Content-Type': 'application/json', ...init.headers } });
const create = (fields) => send(hooks, { method: 'POST', body: JSON.stringify(fields) });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], viewport: { width: 1100, height: 700 } });
const page = await context.newPage();
page.setDefaultTimeout(120000);
const complaints = [];
page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
page.on('pageerror', (error) => complaints.push(String(error)));
page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
const view = async (name) => { await page.click(`nav a[href="#${name}"]`); await page.waitForSelector(`nav a[href="#${name}"][aria-current]`); };
const path = (text) => page.locator('button.bare', { hasText: text });
const shot = async (name) => {
  if (!shots) return;
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${shots}/${name}-${colorScheme}.png` });
  }
  await page.emulateMedia({ colorScheme: 'light' });
};
// go test takes a small sample of what is listed, CI all of it.
const sample = !process.env.LAB_SIZE || process.env.LAB_SIZE === 'small';
// audit holds a view to the rules of accessibility, wide and narrow, light and
// dark.
let audits = 0;
const audit = async (name) => {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1100, 360]) {
      if (sample && audits++ % 5 !== 0) continue;
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
  await page.setViewportSize({ width: 1100, height: 700 });
};

await page.goto(`${url}/__admin/`);
await page.waitForFunction(() => document.getElementById('live').textContent === 'live');
await create({ name: 'Door opened' });
await create({ name: 'Door opened', responseCode: 1000 });
await send(`${hooks}?filterField=name&filter=door*`);
await path('filter=door').waitFor();
console.log('ok a request arrives without a reload');

await page.keyboard.press('/');
await page.keyboard.type('more than max');
await page.waitForFunction(() => document.querySelectorAll('[data-id]').length === 1);
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
await page.waitForSelector('section.detail');
assert.equal(await page.locator('mark').textContent(), '1000');
await shot('requests');
await audit('requests');
await page.keyboard.press('Escape');
assert.equal(await page.locator('section.detail').count(), 0);
await page.fill('#filter', '');
await page.selectOption('#operation', 'webhooks.get');
await page.waitForFunction(() => document.querySelectorAll('[data-id]').length === 1);
await page.selectOption('#operation', '');
await page.fill('#status', '201');
await page.waitForFunction(() => document.querySelectorAll('[data-id]').length === 1);
console.log('ok filter, keys and the marked violation');

await path(hooks).first().click();
await page.click('text=Copy as curl');
await page.waitForFunction(() => document.getElementById('notice').textContent.includes('curl command'));
const { stdout } = await promisify(execFile)('sh', ['-c', `${await clipboard()} -sS`]);
assert.match(stdout, /^HTTP\/1.1 201 Created/);
await page.click('text=Copy as Go assertion');
assert.equal(await clipboard(), 'srv.Requests().Operation("webhooks.post").Status(201).Body("name", "Door opened").Once(t)');
await page.click('text=Copy as WireMock pattern');
const count = await (await send('/__admin/requests/count', { method: 'POST', body: await clipboard() })).json();
assert.equal(count.count, 2);
await page.click('text=Replay');
await page.waitForFunction(() => document.getElementById('notice').textContent === 'Replayed: 201');
const [har] = await Promise.all([page.waitForEvent('download'), page.click('text=Download HAR')]);
assert.equal(JSON.parse(await readFile(await har.path(), 'utf8')).log.version, '1.2');
await page.fill('#status', '');
console.log('ok curl, Go, WireMock, replay and HAR');

await view('world');
await page.click('text=Create a webhook');
await page.fill('#name', 'Made here');
await page.check('text=Waits for a reply');
await page.click('button:has-text("Create"):not(:has-text("webhook"))');
await page.getByRole('button', { name: 'Copy the URL of Made here' }).click();
assert.match(await clipboard(), new RegExp(`^${url}/webhooks/[A-Za-z0-9_-]{40}$`));
await shot('world');
await page.getByRole('button', { name: 'Send a test call to My Webhook' }).click();
await page.fill('#callpath', '/door/7');
await audit('world');
await page.click('form.detail >> text=Send');
await page.waitForFunction(() => document.getElementById('answer').textContent === '200 {"success":true}');
await page.getByRole('button', { name: 'Edit Made here' }).click();
await page.fill('#name', 'Waits here');
await page.click('button:has-text("Change")');
const [scenario] = await Promise.all([page.waitForEvent('download'), page.click('text=Download as a scenario')]);
assert.match(await readFile(await scenario.path(), 'utf8'), /name: Waits here/);
console.log('ok create, call, edit and download');

const { webhooks: [{ token }] } = await (await send('/__admin/webhooks?webhook=Waits%20here')).json();
await view('triggers');
const held = fetch(`${url}/webhooks/${token}/held`);
await page.getByRole('form', { name: 'Reply to Waits here' }).waitFor();
await page.click('summary:has-text("/door/7")');
await shot('triggers');
await audit('triggers');
await page.click('button:has-text("Reply")');
const answer = await held;
assert.deepEqual([answer.status, await answer.text()], [200, '{"answer":42}']);
console.log('ok a held call is answered by hand');

await view('faults');
await page.click('button:has-text("Add")');
await page.getByRole('heading', { name: 'restart' }).waitFor();
assert.equal((await send(hooks)).status, 503);
await page.getByLabel('On', { exact: true }).uncheck();
await page.waitForFunction(() => document.querySelector('section.detail').textContent.includes('1 matched'));
assert.equal((await send(hooks)).status, 200);
await page.getByRole('button', { name: 'Put on' }).click();
await audit('faults');
await page.getByRole('button', { name: 'Remove restart' }).click();
await page.waitForSelector('text=Nothing goes wrong on purpose.');
await view('contract');
await page.click('text=Run the suite');
await page.waitForSelector('#verdict');
assert.equal(await page.locator('#verdict').textContent(), 'conforms');
await shot('contract');
await audit('contract');
console.log('ok faults, clock and contract');

// A view that is left while it loads does not come back over the next one.
let release;
const released = new Promise((resolve) => { release = resolve; });
await page.route('**/__admin/webhooks', async (route) => { await released; await route.continue(); });
await view('world');
await view('requests');
const late = page.waitForResponse('**/__admin/webhooks');
release();
await (await late).finished();
await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
await page.getByRole('heading', { name: 'Requests', exact: true }).waitFor();
await page.unroute('**/__admin/webhooks');
console.log('ok a view that is left stays away');

await view('world');
await page.getByRole('button', { name: 'Delete Waits here' }).click();
await page.waitForFunction(() => !document.querySelector('main').textContent.includes('Waits here'));
await fetch(`${url}/__sandbox/beside/applications?access_token=any`);
await page.focus('#sandbox');
await page.waitForSelector('#sandbox option[value=beside]', { state: 'attached' });
await page.selectOption('#sandbox', 'beside');
await view('requests');
await path('/applications?access_token=any').waitFor();
assert.equal(await page.locator('[data-id]').count(), 1);
await page.selectOption('#sandbox', '');
await page.click('#reset');
await page.waitForFunction(() => document.getElementById('count')?.textContent.startsWith('0 of 0'));
console.log('ok delete, sandbox and reset');

// What callers send is text, wherever it comes from.
const evil = [
  '<script>window.pwned=1</script>', '<img src=x onerror=window.pwned=1>', '"><svg onload=window.pwned=1>', "'-window.pwned=1-'", '</pre><script>window.pwned=1</script>',
  '{{constructor.constructor("window.pwned=1")()}}', 'javascript:window.pwned=1', '<iframe srcdoc="<script>parent.pwned=1</script>">', '<style>@import"//x"</style>', '&lt;script&gt;window.pwned=1&lt;/script&gt;',
];
let payloads = 0;
for (const text of evil.filter((_, i) => !sample || i % 4 === 0)) {
  const inURL = encodeURIComponent(text);
  const places = [
    () => send(`/${inURL}`), () => send(`${hooks}?filter=${inURL}`), () => send(hooks, { headers: { 'X-Evil': text } }),
    () => send(hooks, { method: 'POST', body: text }), () => create({ name: text, description: text }), () => send(hooks, { headers: { Authorization: `Bearer ${text}` } }),
    () => fetch(`${url}/webhooks/the_webhook_token/${inURL}?${inURL}`, { method: 'POST', body: text }),
  ];
  for (const place of places) { await place(); payloads++; }
  await send('/__admin/faults', { method: 'POST', body: JSON.stringify({ name: text, status: 500, operation: 'application.get' }) });
}
assert.ok(payloads >= (sample ? 21 : 70));
await page.waitForFunction((n) => document.getElementById('count').textContent.startsWith(`${n} of ${n}`), payloads);
for (const row of await page.locator('[data-id]').all()) {
  await row.click();
  await page.waitForSelector('section.detail');
}
await view('world');
await view('triggers');
await page.waitForSelector('summary');
for (const summary of await page.locator('summary').all()) await summary.click();
await view('faults');
await page.getByRole('heading', { name: '<script>window.pwned=1</script>', exact: true }).waitFor();
assert.equal(await page.evaluate(() => window.pwned), undefined);
assert.deepEqual(complaints, []);
await page.click('#reset');
console.log('ok hostile texts stay text');

for (let i = 0; i < 250; i++) await send(`/applications?n=${i}`);
await page.goto(`${url}/__admin/#requests`);
await page.reload();
await page.waitForSelector('[data-id]');
await page.click('text=Show 100 older');
assert.equal(await page.locator('[data-id]').count(), 200);
console.log('ok older requests');
await browser.close();
