import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ColdRooms } from './coldroom.mjs';

const url = process.env.LOSANT_URL ?? 'http://localhost:8080';
const applicationId = '575ec8687ae143cd83dc4a97';
const rooms = new ColdRooms({ url, accessToken: 'any', applicationId });

const admin = async (method, path, body) => {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/__admin${path}`, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(response.ok, await response.clone().text());
  return response.json();
};

beforeEach(() => admin('POST', '/reset'));

test('a room has a device, a workflow, and a webhook that its door calls', async () => {
  const { device, door } = await rooms.install('Cold room 3');
  assert.equal(device.name, 'Cold room 3');
  assert.equal((await fetch(url + door, { method: 'POST', body: 'open' })).status, 202);
  const { items } = await rooms.client.flows.get({ applicationId });
  assert.deepEqual(items.map((flow) => flow.name), ['Cold room 3: alarm']);
});

test('a temperature is sent as the state of the device', async () => {
  const { device } = await rooms.install('Cold room 3');
  await rooms.report(device.id, 4.5);
  const { count } = await admin('POST', '/requests/count', {
    operation: 'device.sendState', bodyPatterns: [{ equalToJson: { data: { temperature: 4.5 } } }],
  });
  assert.equal(count, 1);
});

test('a room that is too warm is found', async () => {
  assert.deepEqual(await rooms.tooWarm(8), ['Cold room 2']);
});

test('a temperature of a device that is gone is refused', async () => {
  await assert.rejects(rooms.report('000000000000000000000000', 4.5), { statusCode: 404 });
});
