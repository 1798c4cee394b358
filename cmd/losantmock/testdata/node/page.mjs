// The jobs of the page, in a real browser. The server's base URL is the first
// argument; a second one is a folder for screenshots.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { WebSocket } from 'ws';
import { audit, clipboard, create, hooks, launch, live, noticed, open, rows, send, sized, until, view } from './browser.mjs';

const [url, shots] = process.argv.slice(2);
const browser = await launch();
const { page, complaints } = await open(browser, url);
const shot = async (name) => {
  if (!shots) return;
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${shots}/${name}-${colorScheme}.png` });
  }
  await page.emulateMedia({ colorScheme: 'light' });
};
const sure = (name) => page.locator('dialog').getByRole('button', { name }).click();
const pane = page.locator('.pane');
// returns reports whether a view shows the same after a reload.
async function returns(selector) {
  const before = [await page.evaluate(() => location.href), await page.locator(selector).innerText()];
  await page.reload();
  await page.waitForFunction(([s, text]) => document.querySelector(s)?.innerText === text, [selector, before[1]]);
  assert.equal(await page.evaluate(() => location.href), before[0]);
}

await live(page);
await page.getByText('No request has arrived yet').waitFor();
await audit(page, 'no request');
await create(url, { name: 'Door opened' });
await create(url, '{"big": 12345678901234567890, "name": "Door opened", "responseCode": 2e2, "responseCode": 1000}');
await create(url, { name: 'Door opened', responseCode: 1000 });
await send(url, `${hooks}?filterField=name&filter=door*`);
await until(page, 4);
console.log('ok requests arrive without a reload');

await page.keyboard.press('/');
await page.keyboard.type('MORE THAN max');
await until(page, 1);
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
assert.equal(await page.locator('mark').textContent(), '1000');
assert.match(await page.locator('.story').innerText(), /^Refused: webhook\.responseCode is more than maximum/);
assert.equal(await page.evaluate(() => document.activeElement.dataset.key), 'heading');
await shot('requests');
await audit(page, 'a request');
await returns('.story');
await page.keyboard.press('Escape');
await page.waitForFunction(() => document.querySelector('.pane .hint'));
await page.fill('#q', '');
await until(page, 4);
await page.getByRole('button', { name: 'Errors' }).click();
await until(page, 2);
await page.reload();
await until(page, 2);
await page.getByRole('button', { name: 'Errors' }).click();
await page.getByText('Filter and sort').click();
await page.fill('#status', '201');
await until(page, 1);
await page.fill('#status', '');
await page.selectOption('#operation', 'webhooks.get');
await until(page, 1);
await page.selectOption('#operation', '');
await page.selectOption('#order', { label: 'Oldest first' });
await page.waitForFunction(() => document.querySelector('#rows .status')?.textContent === '201');
await page.fill('#status', 'abc');
await page.locator('.filters .error:not(:empty)').waitFor();
await page.fill('#status', '');
await page.selectOption('#order', { label: 'Newest first' });
await page.fill('#q', 'nothing has this');
await page.getByRole('button', { name: 'Clear the filters' }).click();
await until(page, 4);
console.log('ok filters, order and keys, and the address has them');

await page.fill('#q', '12345678901234567890');
await until(page, 1);
await rows(page).first().click();
const body = pane.getByRole('region', { name: 'request body' });
assert.match(await body.innerText(), /"big": 12345678901234567890,[^]*"responseCode": 2e2,[^]*"responseCode": 1000/);
await pane.locator('section[aria-label=Request]').getByRole('button', { name: 'Hex' }).click();
assert.match(await body.innerText(), /^00000000 {2}7b 22 62 69 67 22/);
await pane.locator('section[aria-label=Request]').getByRole('button', { name: 'Raw' }).click();
assert.match(await body.innerText(), /^\{"big": 12345678901234567890, "name"/);
await page.getByRole('button', { name: 'Copy as curl' }).click();
await noticed(page, 'curl command copied');
const { stdout } = await promisify(execFile)('sh', ['-c', `${await clipboard(page)} -sS`]);
assert.match(stdout, /400 Bad Request|"Validation"/);
await until(page, 2);
await page.getByRole('button', { name: 'Copy as Go' }).click();
await noticed(page, 'Go assertion copied');
assert.match(await clipboard(page), /srv\.Requests\(\)[^]*webhooks\.post[^]*400/);
await page.getByRole('button', { name: 'Copy as WireMock' }).click();
await noticed(page, 'Pattern copied');
const { count } = await (await send(url, '/__admin/requests/count', { method: 'POST', body: await clipboard(page) })).json();
assert.ok(count >= 1);
// A replay opens the new request, in the list as it is.
const replayed = await page.evaluate(() => location.hash);
await page.getByRole('button', { name: 'Replay' }).click();
await noticed(page, 'It was sent again');
await page.waitForFunction((before) => location.hash !== before, replayed);
const parameters = (hash) => Object.fromEntries(new URLSearchParams(hash.split('?')[1]));
assert.deepEqual({ ...parameters(await page.evaluate(() => location.hash)), id: '' }, { ...parameters(replayed), id: '' });
await pane.locator('h3 .status', { hasText: '400' }).waitFor();
await page.getByText('Filter and sort').click().catch(() => {});
console.log('ok the bytes, curl, Go, WireMock and replay');

// A wait that fails leads to its pattern and to the request that came nearest.
const waited = await (await send(url, '/__admin/requests/wait', { method: 'POST', body: JSON.stringify({ request: { operation: 'webhooks.post', status: 201, bodyPatterns: [{ equalToJson: '{"name":"Door closed"}' }] }, timeout: '10ms' }) })).json();
const { expectations: [{ id: failed }] } = await (await send(url, '/__admin/expectations')).json();
assert.ok(JSON.stringify(waited).includes(`/__admin/#/expectations/${failed}`), JSON.stringify(waited));
await page.goto(`${url}/__admin/#/expectations/${failed}`);
await page.locator('#verdict', { hasText: 'matches 0 requests' }).waitFor();
await page.locator('#nearest .miss').first().waitFor();
assert.deepEqual(await pane.locator('#nearest .miss').first().locator('tbody tr').first().locator('th, td').allInnerTexts(), ['$.name', '"Door closed"', '"Door opened"']);
await shot('expectations');
await audit(page, 'an expectation');
await page.fill('#pattern', '{"operation": "webhooks.pots"}');
await page.locator('#pattern-error', { hasText: 'did you mean' }).waitFor();
await audit(page, 'a pattern that is wrong');
await page.fill('#pattern', (await page.inputValue('#pattern')).replace('pots', 'post'));
await page.locator('#verdict.good').waitFor();
await returns('#verdict');
await page.getByRole('button', { name: 'Copy the pattern' }).click();
await noticed(page, 'Pattern copied');
assert.equal(JSON.parse(await clipboard(page)).operation, 'webhooks.post');
await page.locator('#nearest .miss a').first().click();
await page.locator('.story').waitFor();
await page.getByRole('link', { name: 'Make a pattern' }).click();
await page.locator('#verdict.good').waitFor();
console.log('ok a failed expectation, changed until it matches');

await view(page, 'world');
await page.getByRole('link', { name: 'Create a webhook' }).click();
const newName = page.getByRole('form', { name: 'Create a webhook' }).getByLabel('Name', { exact: true });
await newName.fill('Made here');
await page.reload();
assert.equal(await newName.inputValue(), 'Made here');
await page.getByLabel('Response code').fill('1000');
await page.getByRole('form', { name: 'Create a webhook' }).getByRole('button', { name: 'Create' }).click();
await page.locator('.error', { hasText: 'webhook.responseCode is more than maximum' }).waitFor();
assert.equal(await page.evaluate(() => document.activeElement.name), 'responseCode');
await audit(page, 'an error beside its field');
await page.getByLabel('Response code').fill('202');
await page.getByLabel('Waits for a reply').check();
await page.getByRole('form', { name: 'Create a webhook' }).getByRole('button', { name: 'Create' }).click();
await page.getByRole('button', { name: 'Copy URL of' }).first().waitFor();
const called = (name) => page.locator('.hooks li', { hasText: name });
await called('Made here').getByRole('button', { name: 'Copy' }).click();
await noticed(page, 'URL copied');
assert.match(await clipboard(page), new RegExp(`^${url}/webhooks/[A-Za-z0-9_-]{40}$`));
await shot('world');
await called('Made here').getByRole('link', { name: 'Edit' }).click();
assert.equal(await page.getByLabel('Response code').inputValue(), '202');
await audit(page, 'a webhook that is edited');
await returns('#work h3');
await page.getByLabel('Description').fill('What it is for');
// What another client has changed meanwhile is shown, and stays.
const { webhooks: [made] } = await (await send(url, '/__admin/webhooks?webhook=Made%20here')).json();
await send(url, `${hooks}/${made.id}`, { method: 'PATCH', body: '{"responseCode":204}' });
await page.reload();
await page.getByLabel('Description').waitFor();
assert.deepEqual([await page.getByLabel('Description').inputValue(), await page.getByLabel('Response code').inputValue()], ['What it is for', '204']);
// A form that is opened is no request of a client.
assert.equal((await (await send(url, '/__admin/requests?operation=webhook.get')).json()).meta.matched, 0);
await page.getByLabel('Name', { exact: true }).first().fill('Waits here');
await page.getByRole('button', { name: 'Change' }).click();
await called('Waits here').waitFor();
assert.deepEqual(await (await send(url, `${hooks}/${made.id}`)).json().then(({ responseCode, description }) => [responseCode, description]), [204, 'What it is for']);
await called('My Webhook').getByRole('link', { name: 'Call' }).click();
await page.getByLabel('Path behind the URL').fill('door/7 é');
await page.getByLabel('Header fields').fill('Content-Type: application/json\nX-Door 7');
await page.getByRole('button', { name: 'Send' }).click();
await page.locator('.error', { hasText: 'write each as "Name: value"' }).waitFor();
await page.getByLabel('Header fields').fill('Content-Type: application/json\nX-Door: 7\nx-door: 8\nCookie: a=b');
await page.getByRole('button', { name: 'Send' }).click();
await page.locator('#result', { hasText: '{\n  "success": true\n}' }).waitFor();
await page.locator('#result').getByRole('link', { name: 'The request' }).click();
await pane.locator('h3', { hasText: '/webhooks/the_webhook_token/door/7%20%C3%A9' }).waitFor();
assert.match(await pane.getByLabel('Request header fields').innerText(), /X-Door\s+7\s+X-Door\s+8/);
assert.match(await pane.getByLabel('Request header fields').innerText(), /Cookie\s+a=b/);
await view(page, 'world');
const [scenario] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as a scenario' }).click()]);
const saved = await readFile(await scenario.path(), 'utf8');
assert.match(saved, /name: Waits here[^]*What it is for/);
await audit(page, 'the world');
// Calls that wait take no connection of the browser, and Cancel ends one.
const waiting = [];
for (let i = 0; i < 8; i++) {
  const tab = await page.context().newPage();
  waiting.push(tab);
  await tab.goto(`${url}/__admin/#/world`);
  await tab.locator('.hooks li', { hasText: 'Waits here' }).getByRole('link', { name: 'Call' }).click();
  await tab.getByRole('button', { name: 'Send' }).click();
  await tab.locator('#result', { hasText: 'Waiting for the response' }).waitFor();
}
await view(page, 'triggers');
await page.waitForFunction(() => document.querySelectorAll('#waiting form').length === 8);
await page.locator('#waiting form').first().getByRole('button', { name: 'Reply' }).click();
await page.waitForFunction(() => document.querySelectorAll('#waiting form').length === 7);
await Promise.any(waiting.map((tab) => tab.locator('#result', { hasText: '"answer": 42' }).waitFor()));
for (const tab of waiting) {
  const cancel = tab.getByRole('form', { name: 'Call' }).getByRole('button', { name: 'Cancel' });
  if (/Waiting/.test(await tab.locator('#result').innerText())) await cancel.click();
  await tab.close();
}
await page.waitForFunction(() => document.querySelectorAll('#waiting form').length === 0);
await view(page, 'world');
await called('Waits here').getByRole('link', { name: 'Call' }).click();
await page.getByRole('button', { name: 'Send' }).click();
await page.locator('#result', { hasText: 'Waiting for the response' }).waitFor();
await page.getByRole('form', { name: 'Call' }).getByRole('button', { name: 'Cancel' }).click();
await page.locator('#result', { hasText: 'The call was cancelled' }).waitFor();
await page.getByRole('form', { name: 'Call' }).getByRole('button', { name: 'Cancel' }).click();
console.log('ok create, edit, call, cancel and download');

const { webhooks: [{ token }] } = await (await send(url, '/__admin/webhooks?webhook=Waits%20here')).json();
await view(page, 'triggers');
const held = fetch(`${url}/webhooks/${token}/held`);
const reply = page.getByRole('form', { name: 'Reply to' });
await reply.waitFor();
await reply.getByLabel('Body').fill('{"answer":7}');
// A held call is not decided yet, which is not an eviction.
const beside = await page.context().newPage();
await beside.goto(`${url}/__admin/#/expectations?pattern=${encodeURIComponent('{"status": 299}')}`);
await beside.locator('#verdict', { hasText: 'Others are not decided yet' }).waitFor();
assert.doesNotMatch(await beside.locator('#verdict').innerText(), /evicted/);
await beside.goto(`${url}/__admin/#/requests?status=299`);
await beside.locator('#count', { hasText: /^0 of \d+ requests?$/ }).waitFor();
await beside.close();
await fetch(`${url}/webhooks/the_webhook_token/beside`, { method: 'POST', body: '{"n": 12345678901234567890}', headers: { 'Content-Type': 'application/json' } });
await page.locator('.rows a', { hasText: '/beside' }).click();
assert.match(await pane.getByRole("region", { name: "payload text" }).innerText(), /"path": "\/beside"/);
assert.equal(await reply.getByLabel('Body').inputValue(), '{"answer":7}');
await shot('triggers');
await audit(page, 'triggers');
await returns('.pane h3');
await reply.getByRole('button', { name: 'Reply' }).click();
const answer = await held;
assert.deepEqual([answer.status, await answer.text()], [200, '{"answer":7}']);
await pane.getByRole('link', { name: 'The request that led to it' }).click();
await pane.getByRole('link', { name: /^trigger/ }).click();
await page.locator('.pane h3', { hasText: 'My Webhook' }).waitFor();
// One that is not there leads back to the list, on a narrow screen as well.
await page.setViewportSize({ width: 360, height: 800 });
await page.goto(`${url}/__admin/#/triggers`);
await page.locator('.rows a').first().waitFor();
await page.goto(`${url}/__admin/#/triggers?open=999`);
await pane.getByText('There is no trigger').waitFor();
await pane.getByRole('button', { name: 'Back to the list' }).click();
await page.locator('.rows a').first().waitFor();
await page.setViewportSize({ width: 1280, height: 800 });
const talks = await (await create(url, { name: 'Talks', isWebsocket: true })).json();
const socket = new WebSocket(`${url.replace('http', 'ws')}/webhooks/${talks.token}`);
await new Promise((resolve) => { socket.on('open', resolve); });
const heard = new Promise((resolve) => { socket.on('message', (data) => resolve(String(data))); });
socket.send('hello');
await page.getByRole('form', { name: 'Reply to' }).getByLabel('Message').fill('good evening');
await page.getByRole('button', { name: 'Send the message' }).click();
assert.equal(await heard, 'good evening');
await view(page, 'requests');
await page.locator('#rows a:has(.status:text-is("101"))').click();
await pane.locator('.talk .said', { hasText: 'hello' }).waitFor();
await pane.locator('.talk .sent', { hasText: 'good evening' }).waitFor();
socket.send('again');
await pane.locator('.talk .said', { hasText: 'again' }).waitFor();
const { triggers: [{ replyId }] } = await (await send(url, '/__admin/triggers?summary=true&waiting=true&limit=1')).json();
await send(url, `/__admin/replies/${replyId}`, { method: 'POST', body: '{"body": "by a test"}' });
await pane.locator('.talk .sent', { hasText: 'by a test' }).waitFor();
assert.deepEqual(await pane.locator('.talk li strong').allInnerTexts(), ['connect', 'message', 'sent', 'message', 'sent']);
await audit(page, 'a conversation');
socket.close();
await pane.locator('.talk .disconnect').waitFor();
await view(page, 'world');
await called('Talks').getByRole('link', { name: 'Call' }).click();
await page.getByRole('button', { name: 'Send', exact: true }).click();
await page.locator('#result', { hasText: 'Connected.' }).waitFor();
await page.getByRole('button', { name: 'Close the connection' }).click();
await page.locator('.talk .closed').waitFor();
console.log('ok a held call, its request, and a conversation');

await view(page, 'faults');
await page.getByRole('link', { name: 'Add a fault' }).click();
await page.getByRole('button', { name: 'A restart: two times 503' }).click();
await audit(page, 'the form of a fault');
await page.getByRole('button', { name: 'Add', exact: true }).click();
const fault = page.getByRole('region', { name: /restart/ });
await fault.waitFor();
assert.equal((await send(url, hooks)).status, 503);
await fault.getByText('1 request matched').waitFor();
await fault.getByRole('checkbox').uncheck();
await page.waitForFunction(async () => (await (await fetch('faults')).json()).faults[0].fault.disabled);
assert.equal((await send(url, hooks)).status, 200);
await fault.getByRole('link', { name: 'Edit' }).click();
await page.getByLabel('Status', { exact: true }).fill('999');
await page.getByLabel('Steps').fill('');
await page.getByRole('button', { name: 'Change' }).click();
await page.locator('#editor .error:not(:empty)').waitFor();
assert.equal(await page.evaluate(() => document.activeElement.name), 'status');
// What another client has added meanwhile stays, with its counts; what it has removed is missed.
const faultsNow = async () => (await (await send(url, '/__admin/faults')).json()).faults.map((one) => [one.fault.name, one.fault.status, one.matched]);
await send(url, '/__admin/faults', { method: 'POST', body: JSON.stringify({ name: 'of another', status: 500, path: '/nothing' }) });
await send(url, '/nothing');
await page.getByLabel('Status', { exact: true }).fill('500');
await page.getByRole('button', { name: 'Change' }).click();
await fault.getByText('status 500').waitFor();
assert.deepEqual(await faultsNow(), [['restart', 500, 0], ['of another', 500, 1]]);
await page.goto(`${url}/__admin/#/faults?add=1`);
await page.reload();
await fault.getByRole('link', { name: 'Edit' }).click();
await page.getByRole('heading', { name: 'Edit restart' }).waitFor();
await send(url, '/__admin/faults', { method: 'DELETE' });
await page.getByRole('button', { name: 'Change' }).click();
await noticed(page, 'gone meanwhile');
assert.deepEqual(await faultsNow(), [['restart', 500, 0]]);
const clock = await page.locator('#now').innerText();
await page.getByRole('button', { name: 'Put the clock forward' }).click();
await page.waitForFunction((before) => document.getElementById('now').innerText.slice(0, 17) !== before.slice(0, 17), clock);
await page.getByLabel('By', { exact: true }).fill('soon');
await page.getByRole('button', { name: 'Put the clock forward' }).click();
await page.locator('.error', { hasText: 'soon' }).waitFor();
await audit(page, 'faults');
await page.reload();
await fault.getByRole('button', { name: 'Remove' }).click();
await audit(page, 'a question');
await sure('Remove');
await page.getByText('Nothing goes wrong on purpose.').waitFor();
console.log('ok faults and clock');

await view(page, 'contract');
await page.getByRole('button', { name: 'Run the suite' }).click();
await page.locator('h3 #verdict').waitFor();
assert.equal(await page.locator('#verdict').textContent(), 'conforms');
await returns('#verdict');
await shot('contract');
await audit(page, 'contract');
await view(page, 'health');
await page.getByText('Nothing is wrong.').waitFor();
await returns('h2');
await audit(page, 'health');
console.log('ok contract and health');

// A view that is left while it loads does not come back over the next one.
let release;
const released = new Promise((resolve) => { release = resolve; });
await page.route('**/__admin/webhooks', async (route) => { await released; await route.continue().catch(() => {}); });
await view(page, 'world');
await view(page, 'health');
release();
await page.getByText('Nothing is wrong.').waitFor();
await page.unroute('**/__admin/webhooks');
assert.equal(await page.locator('.world').count(), 0);
console.log('ok a view that is left stays away');

await view(page, 'world');
await called('Waits here').getByRole('button', { name: 'Delete' }).click();
await sure('Cancel');
await called('Waits here').getByRole('button', { name: 'Delete' }).click();
await sure('Delete');
await called('Waits here').waitFor({ state: 'detached' });
const boxes = page.getByRole('form', { name: 'Create a sandbox' });
const box = page.getByRole('region', { name: 'Sandboxes' }).locator('li', { hasText: 'beside' });
await boxes.getByLabel('Name').fill('not/a name');
await boxes.getByRole('button').click();
await boxes.locator('.error:not(:empty)').first().waitFor();
await boxes.getByLabel('Name').fill('beside');
await boxes.getByRole('button').click();
await box.getByRole('button', { name: 'Copy' }).click();
await noticed(page, 'Base URL copied');
const base = await clipboard(page);
assert.equal(base, `${url}/__sandbox/beside`);
await fetch(`${base}/applications?access_token=any`);
await box.getByRole('link', { name: 'Open' }).click();
assert.equal(await page.inputValue('#world'), 'beside');
await until(page, 1);
await page.reload();
await until(page, 1);
await page.click('#reset');
await page.getByRole('heading', { name: /Reset the sandbox .*beside/ }).waitFor();
await sure('Cancel');
// The page of a sandbox leads to the main world, whose address is another.
const own = await page.context().newPage();
await own.goto(`${base}/__admin/#/faults`);
await own.selectOption('#world', '');
await own.waitForURL(`${url}/__admin/#/faults`);
await own.click('#reset');
await own.getByRole('heading', { name: 'Reset the main world?' }).waitFor();
await own.close();
assert.equal(await page.inputValue('#world'), 'beside');
await view(page, 'world');
await box.getByRole('button', { name: 'Delete' }).click();
await sure('Delete');
await page.waitForFunction(() => document.getElementById('world').value === '');
const file = `${tmpdir()}/page-scenario-${process.pid}.yaml`;
await writeFile(file, saved.replaceAll('Waits here', 'Loaded'));
await page.getByLabel('A file, YAML or JSON').setInputFiles(file);
await page.getByRole('button', { name: 'Load…' }).click();
await sure('Load');
await called('Loaded').waitFor();
await page.click('#reset');
await sure('Reset');
await noticed(page, 'as its scenario');
await called('Loaded').waitFor();
await view(page, 'requests');
await page.getByText('No request has arrived yet').waitFor();
console.log('ok delete, sandboxes, scenario and reset');

// An opened request that is removed says so, and a list that is long has more.
for (let i = 0; i < 250; i++) await send(url, `/applications?n=${i}`);
await page.locator('#older', { hasText: 'Show 100 more of 150' }).waitFor();
await page.click('#older');
await until(page, 200);
assert.equal(await page.locator('#count').innerText(), '250 requests');
await rows(page).first().click();
await page.locator('.story').waitFor();
const opened = new URLSearchParams((await page.evaluate(() => location.hash)).split('?')[1]).get('id');
await send(url, `/__admin/requests/${opened}`, { method: 'DELETE' });
await pane.getByText('was removed from the journal').waitFor();
await page.locator('#rows li.removed').waitFor({ state: 'attached' });
// Another request that does not come leaves nothing of the one before.
await page.route(/requests\/[^?/]+$/, async (route) => {
  await pane.getByText('Loading …').waitFor();
  assert.equal(await pane.locator('.story').count(), 0);
  await route.abort();
});
await rows(page).nth(1).click();
await pane.getByText('can’t be shown').waitFor();
await page.unrouteAll();
// Of bodies of very many parts the beginning is shown, and the rest on demand.
for (const [sent, parts, many] of [[JSON.stringify({ name: '\u202e'.repeat(200000) }), '.hidden-mark', 19999], [JSON.stringify(Array(60000).fill(7)), '.number', 60000]]) {
  await create(url, sent);
  const { requests: [{ id }] } = await (await send(url, '/__admin/requests?limit=1&summary=true')).json();
  await page.goto(`${url}/__admin/#/requests?id=${id}`);
  await pane.locator('.story').waitFor();
  if (parts === '.number') await pane.locator('section[aria-label=Request]').getByRole('button', { name: 'Show the rest' }).click();
  await page.waitForFunction(([selector, n]) => document.querySelectorAll(`.pane section[aria-label=Request] .body ${selector}`).length === n, [parts, many]);
}
console.log('ok older requests, and one that was removed');

// What callers send is text, wherever it comes from.
const evil = [
  '<script>window.pwned=1</script>', '<img src=x onerror=window.pwned=1>', '"><svg onload=window.pwned=1>', "'-window.pwned=1-'", '</pre><script>window.pwned=1</script>',
  '{{constructor.constructor("window.pwned=1")()}}', 'javascript:window.pwned=1', '<iframe srcdoc="<script>parent.pwned=1</script>">', '<style>@import"//x"</style>', '&lt;script&gt;window.pwned=1&lt;/script&gt;',
  '\u202Eevil\u2066', '../../../x', '__proto__', 'a'.repeat(240),
];
await send(url, '/__admin/requests', { method: 'DELETE' });
let payloads = 0;
for (const text of evil.filter((_, i) => i % sized(4, 2, 1) === 0)) {
  const inURL = encodeURIComponent(text);
  const places = [
    () => send(url, `/${inURL}`), () => send(url, `${hooks}?filter=${inURL}`), () => send(url, hooks, { headers: { 'X-Evil': Buffer.from(text).toString('latin1') } }),
    () => send(url, hooks, { method: 'POST', body: text }), () => create(url, { name: text, description: text }), () => send(url, hooks, { headers: { Authorization: `Bearer ${Buffer.from(text).toString('latin1')}` } }),
    () => fetch(`${url}/webhooks/the_webhook_token/${inURL}?${inURL}`, { method: 'POST', body: text }),
    () => send(url, '/__admin/requests/wait', { method: 'POST', body: JSON.stringify({ request: { url: `/${text}`, method: 'PUT' }, timeout: '1ms' }) }),
  ];
  for (const place of places) { await place(); payloads++; }
  await send(url, '/__admin/faults', { method: 'POST', body: JSON.stringify({ name: text, status: 500, operation: 'application.get' }) });
}
assert.ok(payloads >= sized(32, 56, 112));
await view(page, 'world');
await view(page, 'requests');
await page.waitForFunction((n) => document.querySelectorAll('#rows a').length >= n, Math.min(100, payloads * 7 / 8 - 1));
for (const row of await rows(page).all()) {
  await row.click();
  await page.locator('.story').waitFor();
}
await audit(page, 'a hostile request');
for (const name of ['expectations', 'triggers']) {
  await view(page, name);
  await page.locator('.rows a').first().waitFor();
  for (const row of await page.locator('.rows a').all()) await row.click();
  await audit(page, `hostile ${name}`);
}
await view(page, 'world');
await page.locator('.hooks li').nth(2).waitFor();
await audit(page, 'a hostile world');
await view(page, 'faults');
await page.locator('.cards .card').first().waitFor();
await audit(page, 'hostile faults');
assert.equal(await page.evaluate(() => window.pwned), undefined);
assert.deepEqual(complaints, []);
console.log(`ok ${payloads} payloads in 8 places: no script, no report of the policy`);
await browser.close();
