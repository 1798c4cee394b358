// The page while something happens: traffic, restarts of the server, several tabs,
// the admin token; and by keyboard alone. Each has a server of its own.
import assert from 'node:assert/strict';
import { audit, create, freePort, launch, live, noticed, open, rows, send, sized, serve, until, view } from './browser.mjs';

const browser = await launch();
const port = await freePort();
const url = `http://127.0.0.1:${port}`;

// Twenty arrivals a second: each click opens the row that it was aimed at.
let stop = await serve(port);
{
  const { page, complaints } = await open(browser, url);
  await live(page);
  for (let i = 0; i < 40; i++) await send(url, `/applications?before=${i}`);
  await until(page, 40);
  let n = 0;
  const traffic = setInterval(() => { send(url, n++ % 5 ? `/applications?n=${n}` : `/no-${n}`).catch(() => {}); }, 50);
  const pick = sized(15, 50, 50);
  for (let i = 0; i < pick; i++) {
    // The pointer comes from elsewhere. The rows keep still as soon as it is over the list.
    await page.mouse.move(900, 400);
    await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 100); })); // two arrivals
    const list = await page.locator('#rows').boundingBox();
    await page.mouse.move(list.x + 120, list.y + 12);
    const row = rows(page).nth(i % 8);
    const [id, box] = await Promise.all([row.getAttribute('data-id'), row.boundingBox()]);
    await page.mouse.move(box.x + 120, box.y + 12, { steps: 4 });
    await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 100); })); // two arrivals
    await page.mouse.down();
    await page.mouse.up();
    // The address follows the click a moment later.
    await page.waitForFunction((aimed) => new URLSearchParams(location.hash.split('?')[1]).get('id') === aimed, id);
    await page.locator('.story').waitFor();
  }
  // What has arrived meanwhile is counted, and comes on demand.
  await page.locator('#fresh', { hasText: /^[\d,]+ new$/ }).waitFor();
  const first = await rows(page).first().getAttribute('data-id');
  await page.press('#fresh', 'Enter'); // the pointer stays: when it leaves, the list follows by itself
  await page.waitForFunction((before) => document.querySelector('#rows a').dataset.id !== before, first);
  // Paused, it keeps still also for those whose pointer is elsewhere.
  await page.click('#pause');
  await page.evaluate(() => document.activeElement.blur());
  const still = await rows(page).first().getAttribute('data-id');
  await page.mouse.move(900, 400);
  await page.locator('#fresh', { hasText: /\d\d new$/ }).waitFor();
  await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 2500); }));
  assert.equal(await rows(page).first().getAttribute('data-id'), still);
  await page.click('#pause');
  await page.evaluate(() => document.activeElement.blur());
  await page.mouse.move(900, 400);
  await page.waitForFunction((before) => document.querySelector('#rows a').dataset.id !== before, still);
  // More of the list and a filter come while arrivals are counted, however slow they are.
  const next = (pattern) => page.waitForRequest(pattern).catch(() => {});
  await page.waitForFunction(() => !document.getElementById('older').hidden);
  await page.route(/[?&]limit=100&offset/, async (route) => { await next(/limit=0/); await next(/limit=0/); await route.continue().catch(() => {}); });
  await page.click('#older');
  await page.waitForFunction(() => document.querySelectorAll('#rows a').length > 100);
  await rows(page).first().hover();
  let held = false;
  await page.route(/errors=true/, async (route) => {
    const first = !held;
    held = true;
    if (first) await next(/errors=true/);
    await route.continue().catch(() => {});
  });
  await page.getByRole('button', { name: 'Errors' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => { const all = [...document.querySelectorAll('#rows .status')]; return all.length > 0 && all.every((one) => one.textContent === '405'); });
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.keyboard.press('Enter');
  // The jobs of other views go on under traffic, too.
  await view(page, 'world');
  await page.locator('.hooks li').getByRole('link', { name: 'Edit' }).first().click();
  await page.getByLabel('Description').fill('Under traffic');
  await page.getByRole('button', { name: 'Change' }).click();
  await noticed(page, 'The webhook was changed');
  clearInterval(traffic);
  assert.deepEqual(complaints, []);
  await page.close();
}
console.log('ok clicks under traffic');

// Six tabs, and a held call in each of them: all go on.
{
  const { page, context } = await open(browser, url);
  await create(url, { name: 'Waits', waitForReply: true });
  const tabs = [page];
  for (let i = 0; i < 7; i++) {
    tabs.push(await context.newPage());
    await tabs.at(-1).goto(`${url}/__admin/#/triggers`);
  }
  for (const tab of tabs) await live(tab);
  const { webhooks } = await (await send(url, '/__admin/webhooks?webhook=Waits')).json();
  const held = fetch(`${url}/webhooks/${webhooks[0].token}/held`, { method: 'POST', body: '{}' });
  for (const tab of tabs.slice(1)) await tab.getByRole('form', { name: 'Reply to' }).waitFor();
  await tabs[3].getByRole('form', { name: 'Reply to' }).getByRole('button').click();
  assert.equal((await held).status, 200);
  for (const tab of tabs.slice(1)) await tab.getByRole('form', { name: 'Reply to' }).waitFor({ state: 'detached' });
  await context.close();
}
console.log('ok one stream for all tabs');

// A thousand triggers: rows keep their places, an opened one stays, and the call that
// waits is listed however many came after it. Payloads are read of the opened one alone.
{
  const scenario = { applications: [{ name: 'House', webhooks: [{ name: 'My Webhook', token: 'the_webhook_token' }, { name: 'Waits', waitForReply: true }] }], triggers: { rateLimit: { calls: 5000, per: '1s' } } };
  assert.equal((await send(url, '/__admin/scenario', { method: 'PUT', body: JSON.stringify(scenario) })).status, 200);
  const { webhooks: [{ token }] } = await (await send(url, '/__admin/webhooks?webhook=Waits')).json();
  const fire = async (count, path) => {
    for (let i = 0; i < count; i += 50) await Promise.all(Array.from({ length: Math.min(50, count - i) }, (_, n) => send(url, `/webhooks/the_webhook_token/${path}/${i + n}`, { method: 'POST', body: '{"of": "a payload"}' })));
  };
  const held = fetch(`${url}/webhooks/${token}/old`, { method: 'POST', body: '{}' });
  const { page, complaints } = await open(browser, url, '#/triggers');
  const reply = page.getByRole('form', { name: 'Reply to' });
  await reply.waitFor();
  const whole = [];
  page.on('request', (request) => { if (/\/triggers\?/.test(request.url()) && !/summary=true/.test(request.url())) whole.push(new URL(request.url()).search); });
  await fire(1, 'first');
  const row = page.locator('.rows a', { hasText: '/first/0' });
  await row.click();
  const heading = await page.locator('.pane h3', { hasText: /trigger \d+/ }).innerText();
  const [, sequence] = /trigger (\d+)/.exec(heading);
  await row.hover();
  const box = await row.boundingBox();
  await fire(1000, 'more');
  await page.locator('#fresh', { hasText: /^1,000 new$/ }).waitFor();
  assert.deepEqual(await row.boundingBox(), box);
  await page.press('#fresh', 'Enter'); // the pointer stays: when it leaves, the list follows by itself
  await page.locator('.rows a', { hasText: '/more/' }).first().waitFor();
  await row.waitFor({ state: 'detached' });
  assert.equal(await page.locator('.pane h3').innerText(), heading);
  assert.match(await page.getByRole('region', { name: 'payload text' }).innerText(), /\/first\/0/);
  await page.click('#older');
  await page.waitForFunction(() => document.querySelectorAll('.rows a').length === 200);
  await page.click('#pause');
  await page.reload();
  await page.locator('.pane h3', { hasText: `trigger ${sequence}` }).waitFor();
  await reply.waitFor();
  assert.deepEqual([...new Set(whole)], [`?sequence=${sequence}`]);
  await audit(page, 'a thousand triggers');
  await reply.getByRole('button').click();
  assert.equal((await held).status, 200);
  await reply.waitFor({ state: 'detached' });
  await page.locator('.rows a[aria-current]').waitFor({ state: 'detached' });
  // By the keys from row to row.
  await page.locator('.rows a').first().focus();
  await page.keyboard.press('ArrowDown');
  assert.ok(await page.locator('.rows a').nth(1).evaluate((one) => one === document.activeElement));
  assert.deepEqual(complaints, []);
  await page.close();
}
console.log('ok a thousand triggers');

// What another client changes is shown without a reload.
{
  const { page, complaints } = await open(browser, url, '#/faults');
  await live(page);
  await page.getByText('Nothing goes wrong on purpose.').waitFor();
  const other = (call, method, body) => send(url, `/__admin/${call}`, { method, body: body && JSON.stringify(body) });
  await other('faults', 'POST', { name: 'of another', path: '/nothing', status: 500 });
  const fault = page.getByRole('region', { name: /of another/ });
  await fault.getByRole('checkbox', { checked: true }).waitFor();
  await other('faults/of%20another', 'PATCH', { disabled: true });
  await fault.getByRole('checkbox', { checked: false }).waitFor();
  await other('faults', 'DELETE');
  await fault.waitFor({ state: 'detached' });
  await other('clock', 'POST', { now: '2031-06-13T12:00:00Z' });
  await page.locator('#now', { hasText: '2031' }).waitFor();
  await other('sandboxes', 'POST', { name: 'box' });
  await page.locator('#world option[value=box]').waitFor({ state: 'attached' });
  await view(page, 'world');
  const box = page.getByRole('region', { name: 'Sandboxes' }).locator('li', { hasText: 'box' });
  await box.waitFor();
  await other('sandboxes/box', 'DELETE');
  await box.waitFor({ state: 'detached' });
  await other('scenario', 'PUT', { scenario: 'empty' });
  await page.getByText('There is no application.').waitFor();
  await other('scenario', 'PUT', { scenario: 'default' });
  await page.locator('.hooks li', { hasText: 'My Webhook' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
}
console.log('ok what others change');

// A sandbox that somebody has deleted is not made again by the tabs that show it.
{
  const sandboxes = async () => (await (await send(url, '/__admin/sandboxes')).json()).sandboxes.map(({ name }) => name);
  await send(url, '/__admin/sandboxes', { method: 'POST', body: '{"name":"box"}' });
  const { page, context, complaints } = await open(browser, url, '#/world?sandbox=box');
  await live(page);
  const tabs = [page, await context.newPage(), await context.newPage()];
  await tabs[1].goto(`${url}/__admin/#/health?sandbox=box`);
  await tabs[2].goto(`${url}/__sandbox/box/__admin/#/requests`);
  // A page by the host of the sandbox, with a form that is to call a webhook of it.
  const byHost = await context.newPage();
  tabs.push(byHost);
  await byHost.goto(`http://box.localhost:${port}/__admin/#/world`);
  await byHost.locator('.hooks li').getByRole('link', { name: 'Call' }).first().click();
  await byHost.getByRole('button', { name: 'Send', exact: true }).waitFor();
  for (const tab of tabs) await live(tab);
  await send(url, '/__admin/sandboxes/box', { method: 'DELETE' });
  const gone = (tab) => tab.getByRole('heading', { name: /The sandbox .*box.* is gone/ });
  for (const tab of tabs) await gone(tab).waitFor();
  for (const tab of [tabs[2], byHost]) {
    await tab.reload();
    await gone(tab).waitFor();
    assert.equal(await tab.evaluate(async () => (await fetch('requests')).status), 404);
  }
  // Neither a view, nor a tab that comes later, nor a question to the list makes it.
  const late = await context.newPage();
  tabs.push(late);
  await late.goto(`${url}/__admin/#/triggers?sandbox=box`);
  for (const name of ['faults', 'health', 'requests']) {
    await page.click(`#views [data-key="${name}"]`);
    await page.waitForFunction((wanted) => location.hash.startsWith(wanted), `#/${name}`);
    await gone(page).waitFor();
  }
  await gone(late).waitFor();
  await audit(page, 'a sandbox that is gone');
  assert.deepEqual(await sandboxes(), []);
  await page.getByRole('button', { name: 'Create it again' }).click();
  await page.locator('#rows, .empty').first().waitFor({ state: 'attached' });
  await live(page);
  assert.deepEqual(await sandboxes(), ['box']);
  // The other tabs go on with it, also where another has made it.
  for (const tab of tabs) await live(tab);
  await send(url, '/__admin/sandboxes/box', { method: 'DELETE' });
  for (const tab of tabs) await gone(tab).waitFor();
  await tabs[1].route('**/__admin/sandboxes', async (route) => {
    if (route.request().method() === 'POST') await send(url, '/__admin/sandboxes', { method: 'POST', body: '{"name":"box"}' });
    await route.continue();
  });
  await tabs[1].getByRole('button', { name: 'Create it again' }).click();
  for (const tab of tabs) await live(tab);
  await send(url, '/__admin/sandboxes/box', { method: 'DELETE' });
  for (const tab of tabs) await gone(tab).waitFor();
  await tabs[1].getByRole('link', { name: 'Open the main world' }).click();
  await live(tabs[1]);
  assert.equal(await tabs[1].inputValue('#world'), '');
  await tabs[2].getByRole('link', { name: 'Open the main world' }).click();
  await tabs[2].waitForURL(`${url}/__admin/#/world`);
  await byHost.getByRole('link', { name: 'Open the main world' }).click();
  await byHost.waitForURL(`http://localhost:${port}/__admin/#/world`);
  assert.deepEqual(complaints, []);
  await context.close();
}
console.log('ok a sandbox that is gone');

// A restart of the server while somebody types loses nothing.
{
  const { page } = await open(browser, url);
  await live(page);
  await page.fill('#q', 'door');
  await view(page, 'world');
  await page.getByRole('link', { name: 'Create a webhook' }).click();
  const name = page.getByRole('form', { name: 'Create a webhook' }).getByLabel('Name', { exact: true });
  await name.pressSequentially('Half of ');
  const element = await name.elementHandle();
  await stop();
  await page.waitForFunction(() => document.getElementById('live').textContent === 'no connection');
  await page.locator('#trouble', { hasText: 'No connection' }).waitFor();
  await audit(page, 'no connection');
  await page.keyboard.type('a na');
  stop = await serve(port);
  await page.keyboard.type('me');
  await live(page);
  assert.ok(await element.evaluate((one) => one.isConnected && one === document.activeElement));
  await page.keyboard.press('Enter');
  await page.locator('.hooks li', { hasText: 'Half of a name' }).waitFor();
  assert.equal(await page.locator('#trouble').isVisible(), false);
  // What the server had before is gone from the page as well.
  await view(page, 'requests');
  await until(page, 1);
  await page.close();
}
await stop();
console.log('ok a restart while typing');

// A server with an admin token.
stop = await serve(port, '--admin-token', 's3crét');
{
  const { page, context, complaints } = await open(browser, url, '#/faults');
  const dialog = page.locator('dialog');
  await dialog.waitFor();
  await audit(page, 'the form of the token');
  await page.getByRole('textbox', { name: 'Admin token' }).fill('wrong');
  await page.keyboard.press('Enter');
  await dialog.locator('.error', { hasText: 'refuses this token' }).waitFor();
  await audit(page, 'a wrong token');
  await page.getByRole('textbox', { name: 'Admin token' }).fill('s3crét');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await live(page);
  await page.getByText('Nothing goes wrong on purpose.').waitFor();
  await page.reload();
  await live(page);
  assert.equal(await dialog.count(), 0);
  await page.getByRole('button', { name: 'Forget token' }).click();
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForFunction(() => document.getElementById('live').textContent === 'no admin token');
  // The form that was left does not come back while somebody types, but when it is asked for.
  await page.goto(`${url}/__admin/#/requests`);
  const asked = page.waitForResponse((response) => /q=door/.test(response.url()) && response.status() === 401);
  await page.fill('#q', 'door');
  await asked;
  await page.locator('.filters .error', { hasText: 'needs the admin token' }).waitFor();
  assert.equal(await dialog.count(), 0);
  await page.getByRole('button', { name: 'Enter token' }).click();
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => Object.values({ ...sessionStorage, ...localStorage }).some((text) => text.includes('s3crét'))), false);
  await page.reload();
  await dialog.waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
}
await stop();
console.log('ok the secret of the admin API: wrong, right, kept and forgotten');

// By keyboard alone.
stop = await serve(port);
{
  await create(url, { responseCode: 1000, name: 'x' });
  await create(url, { name: 'Door' });
  const { page, complaints } = await open(browser, url);
  await until(page, 2);
  const keys = page.keyboard;
  const focused = () => page.evaluate(() => { const a = document.activeElement; return a.getAttribute('aria-label') || (a.id && document.querySelector(`label[for="${a.id}"]`)?.textContent) || a.textContent; });
  // tab presses Tab until something has the focus whose name begins so.
  const tab = async (name) => {
    for (let i = 0; i < 80; i++) {
      await keys.press('Tab');
      if ((await focused())?.trim().startsWith(name)) return;
    }
    assert.fail(`Tab does not lead to ${name}; it is at ${await focused()}`);
  };
  await tab('Skip');
  await keys.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await tab('Errors');
  await keys.press('Enter');
  await until(page, 1);
  await tab('400');
  await keys.press('Enter');
  await page.locator('.story').waitFor();
  await tab('Copy as curl');
  await keys.press('Enter');
  await noticed(page, 'curl command copied');
  await keys.press('Escape');
  assert.match(await focused(), /^400/);
  await keys.press('Shift+Tab');
  await page.evaluate(() => document.getElementById('q').focus());
  await keys.type('door');
  await page.getByText('No request matches.').waitFor();
  await keys.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.reload();
  await live(page);
  await tab('Expectations');
  await keys.press('Enter');
  await tab('Pattern');
  await keys.press('Control+A');
  await keys.type('{"operation": "webhooks.post"}');
  await page.locator('#verdict', { hasText: 'matches 2 requests' }).waitFor();
  await page.reload();
  await live(page);
  await tab('World');
  await keys.press('Enter');
  await page.locator('.hooks li', { hasText: 'Door' }).waitFor();
  await tab('Create a webhook');
  await keys.press('Enter');
  await page.waitForFunction(() => document.activeElement.name === 'name');
  await keys.type('By keys');
  await keys.press('Enter');
  await page.locator('.hooks li', { hasText: 'By keys' }).waitFor();
  await tab('Delete \u2068By keys');
  await keys.press('Enter');
  await page.locator('dialog').waitFor();
  await keys.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.match(await focused(), /^Delete \u2068By keys/);
  await keys.press('Enter');
  await tab('Delete');
  await keys.press('Enter');
  await page.locator('.hooks li', { hasText: 'By keys' }).waitFor({ state: 'detached' });
  await page.reload();
  await live(page);
  await tab('Faults');
  await keys.press('Enter');
  await tab('Add a fault');
  await keys.press('Enter');
  await page.waitForFunction(() => document.activeElement.name === 'name');
  await keys.press('Shift+Tab');
  await keys.press('Enter');
  await tab('Name');
  await keys.press('Enter');
  await page.locator('.cards .card').waitFor();
  await tab('\u2068lost response\u2069 is on');
  await keys.press('Space');
  await page.waitForFunction(async () => (await (await fetch('faults')).json()).faults[0].fault.disabled);
  await fetch(`${url}/webhooks/the_webhook_token/keys`, { method: 'POST', body: '{}' });
  await page.reload();
  await live(page);
  await tab('Triggers');
  await keys.press('Enter');
  await page.locator('.rows a').waitFor();
  await tab('post');
  await keys.press('Enter');
  await page.locator('.pane h3').waitFor();
  await tab('Health');
  await keys.press('Enter');
  await page.getByText('Nothing is wrong.').waitFor();
  assert.equal(await page.title(), 'Health · losantmock');
  assert.deepEqual(complaints, []);
  await page.close();
}
await stop();
console.log('ok each job by keyboard alone');
await browser.close();
