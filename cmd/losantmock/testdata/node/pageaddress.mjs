// What the page shows follows its address and the server: expectations, filters, the list
// behind its first rows, webhooks beyond those that are listed, older versions of the API.
import assert from 'node:assert/strict';
import { create, freePort, hooks, launch, live, open, rows, send, serve, until, view } from './browser.mjs';

const browser = await launch();
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const wait = (order) => send(url, '/__admin/requests/wait', { method: 'POST', body: JSON.stringify({ timeout: '1ms', ...order }) });

let stop = await serve(port);
{
  await create(url, { name: 'one' });
  await create(url, { name: 'two' });
  await send(url, '/applications');
  await wait({ request: { operation: 'webhooks.post' }, exactly: 0 });
  await wait({ request: { operation: 'webhooks.get' }, count: 5 });
  const { page, complaints } = await open(browser, url, '#/expectations/1');
  // Too many are those that match: they are named.
  const matching = page.locator('#nearest').getByRole('link', { name: hooks });
  await page.getByRole('heading', { name: 'Requests that match' }).waitFor();
  await matching.nth(1).waitFor();
  assert.equal(await matching.count(), 2);
  // Another address is another expectation, wherever the focus is.
  await page.locator('#pattern').focus();
  await page.evaluate(() => { location.hash = '#/expectations/2'; });
  await page.locator('#verdict', { hasText: 'matches 0 requests; wanted at least 5' }).waitFor();
  assert.match(await page.locator('#pattern').inputValue(), /webhooks\.get/);
  await page.evaluate(() => { location.hash = '#/expectations/1'; });
  await page.locator('#verdict', { hasText: 'matches 2 requests; wanted exactly 0' }).waitFor();
  assert.match(await page.locator('#pattern').inputValue(), /webhooks\.post/);
  // What is typed stays while the address follows it.
  await page.locator('#pattern').fill('{"method": "GET"}');
  await page.locator('#verdict', { hasText: 'matches 1 request' }).waitFor();
  assert.equal(await page.locator('#pattern').inputValue(), '{"method": "GET"}');
  // It is there again behind another view, and after another expectation.
  for (const away of ['#/world', '#/expectations/2']) {
    await page.evaluate((hash) => { location.hash = hash; }, away);
    await page.waitForFunction(() => !document.getElementById('pattern')?.value.includes('"GET"'));
    await page.evaluate(() => { location.hash = '#/expectations/1'; });
    await page.locator('#verdict', { hasText: 'matches 1 request' }).waitFor();
    assert.equal(await page.locator('#pattern').inputValue(), '{"method": "GET"}');
  }
  await page.getByRole('button', { name: 'Put it back' }).click();
  await page.locator('#verdict', { hasText: 'matches 2 requests; wanted exactly 0' }).waitFor();
  // Where not the number of matches was wrong, it is not judged: what was reported is shown.
  for (const changed of [{ pattern: undefined }, { matched: 1, want: { atLeast: 1 } }]) {
    await page.route('**/__admin/expectations/1', async (route) => {
      const known = await (await route.fetch()).json();
      await route.fulfill({ json: { ...known, ...changed } });
    });
    await page.evaluate(() => { location.hash = '#/expectations/2'; });
    await page.locator('#verdict', { hasText: 'wanted at least 5' }).waitFor();
    await page.evaluate(() => { location.hash = '#/expectations/1'; });
    await page.locator('#verdict.warn', { hasText: 'Why it failed is in what was reported' }).waitFor();
    await page.getByRole('region', { name: 'Message' }).waitFor();
    await page.unroute('**/__admin/expectations/1');
  }
  // After a restart the number is of none, then that of another failure, and of none again.
  await page.evaluate(() => { location.hash = '#/expectations/1'; });
  await stop();
  await page.waitForFunction(() => document.getElementById('live').textContent === 'no connection');
  stop = await serve(port);
  await live(page);
  await page.getByRole('heading', { name: 'No such expectation' }).waitFor();
  await wait({ request: { operation: 'webhook.delete' }, count: 7 });
  await page.locator('#verdict', { hasText: 'wanted at least 7' }).waitFor();
  await send(url, '/__admin/reset', { method: 'POST' });
  await page.getByRole('heading', { name: 'No such expectation' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
}
console.log('ok expectations by their address');

{
  for (let i = 0; i < 103; i++) await send(url, `/applications?n=${i}`);
  const { page, complaints } = await open(browser, url);
  await until(page, 100);
  // The search is that of the address, also behind the back button.
  await rows(page).first().click();
  await page.locator('.story').waitFor();
  await page.fill('#q', 'n=50');
  await until(page, 1);
  await page.goBack();
  await until(page, 100);
  assert.equal(await page.inputValue('#q'), '');
  // The rest of the list is read on the way through it.
  await rows(page).last().click();
  await page.locator('.pane .target', { hasText: 'n=3' }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.locator('.pane .target', { hasText: 'n=2' }).waitFor();
  // What is new is in sight when it is asked for.
  await page.locator('.scroller').evaluate((one) => { one.scrollTop = 900; });
  await send(url, '/applications?late');
  await page.locator('#fresh', { hasText: '1 new' }).click();
  await page.waitForFunction(() => document.querySelector('#rows .target').textContent === '/applications?late');
  assert.equal(await page.locator('.scroller').evaluate((one) => one.scrollTop), 0);
  await page.fill('#q', 'nothing has this');
  await page.getByRole('button', { name: 'Clear the filters' }).press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  assert.deepEqual(complaints, []);
  await page.close();
}
console.log('ok the list by its address');

{
  const scenario = { applications: [{ name: 'House', webhooks: [{ generate: { count: 1500, name: 'Hook {{n}}', token: 'tok-{{n}}' } }] }] };
  assert.equal((await send(url, '/__admin/scenario', { method: 'PUT', body: JSON.stringify(scenario) })).status, 200);
  const { page, complaints } = await open(browser, url, '#/world');
  await page.getByText('1,500 webhooks, 1,000 of them listed').waitFor();
  await page.fill('#hooks', 'TOK-1499');
  const found = page.locator('.hooks li', { hasText: 'Hook 1499' });
  await found.waitFor();
  await found.getByRole('link', { name: 'Edit' }).click();
  await page.reload();
  await page.getByRole('form', { name: 'Hook 1499' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
}
await stop();
console.log('ok webhooks that are not listed');

stop = await serve(port, '--api-version', '1.28.3');
{
  const { page, complaints } = await open(browser, url, '#/world');
  await page.getByRole('link', { name: 'Create a webhook' }).click();
  const form = page.getByRole('form', { name: 'Create a webhook' });
  await form.getByLabel('Name', { exact: true }).fill('Of an older version');
  assert.equal(await form.getByLabel('Enabled').count(), 0);
  await page.keyboard.press('Enter');
  await page.locator('.hooks li', { hasText: 'Of an older version' }).waitFor();
  await view(page, 'requests');
  assert.deepEqual(complaints, []);
  await page.close();
}
await stop();
console.log('ok a form has what the version of the API has');
await browser.close();
