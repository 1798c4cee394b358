// The whole life of a webhook: created by Losant's own client, called by curl,
// asserted on, and replied to. The server's base URL is the first argument.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import losant from 'losant-rest';
import { WebSocket } from 'ws';

const url = process.argv[2];
const curl = async (...args) => (await promisify(execFile)('curl', ['-sS', ...args])).stdout;
const applicationId = '575ec8687ae143cd83dc4a97';
const client = losant.createClient({ accessToken: 'any' });
const create = (webhook) => client.webhooks.post({ applicationId, webhook }, { url });

const { token, webhookId } = await create({ name: 'Door', responseCode: 202 });
assert.equal(
  await curl('-w', ' %{http_code}', '-d', 'event=opened&tag=a&tag=b', `${url}/webhooks/${token}/north?floor=2`),
  '{"success":true} 202',
);
console.log('ok called with curl');

const triggers = async (query) => (await (await fetch(`${url}/__admin/triggers?${query}`)).json()).triggers;
const [trigger] = await triggers(`webhook=${webhookId}`);
assert.equal(trigger.payload.triggerId, webhookId);
assert.deepEqual(trigger.payload.data.body, { event: 'opened', tag: ['a', 'b'] });
assert.deepEqual([trigger.payload.data.method, trigger.payload.data.path, trigger.payload.data.query], ['post', '/north', { floor: '2' }]);
console.log('ok the payload');

const events = async function* (type) {
  const stream = await fetch(`${url}/__admin/requests/stream`);
  let text = '';
  for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const whole = text.split('\n\n');
    text = whole.pop();
    for (const event of whole) {
      if (event.includes(`event: ${type}\n`)) yield JSON.parse(event.slice(event.indexOf('data: ') + 6));
    }
  }
};
const reply = (replyId, order) =>
  fetch(`${url}/__admin/replies/${replyId}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(order) });

const waits = await create({ name: 'Waits', waitForReply: true });
const held = curl('-w', ' %{http_code}', `${url}/webhooks/${waits.token}`);
for await (const { payload } of events('trigger')) {
  if (payload.triggerId !== waits.webhookId) continue;
  assert.equal((await reply(payload.data.replyId, { status: 201, body: { answer: 42 } })).status, 200);
  break;
}
assert.equal(await held, '{"answer":42} 201');
console.log('ok a held call');

const socket = await create({ name: 'Socket', isWebsocket: true });
const connection = new WebSocket(`${url.replace('http', 'ws')}/webhooks/${socket.token}`);
const next = (name) => new Promise((resolve) => connection.once(name, (...args) => resolve(args)));
await next('open');
const heard = next('message'); // before anything can be said
connection.send('hello');
for await (const { payload } of events('trigger')) {
  if (payload.triggerId !== socket.webhookId || payload.data.type !== 'message') continue;
  assert.deepEqual(payload.data.message, { data: 'hello', length: 5 });
  await reply(payload.data.replyId, { body: 'goodbye' });
  break;
}
assert.equal(String((await heard)[0]), 'goodbye');
const pong = next('pong');
connection.ping();
await pong;
const closed = next('close');
connection.send('x'.repeat(256 * 1024 + 1));
assert.equal((await closed)[0], 1009);
for await (const { payload } of events('trigger')) {
  if (payload.triggerId !== socket.webhookId || payload.data.type !== 'disconnect') continue;
  assert.equal(payload.data.message.statusCode, 1009);
  break;
}
console.log('ok a WebSocket');

await client.webhook.delete({ applicationId, webhookId }, { url });
assert.equal(await curl('-o', '/dev/null', '-w', '%{http_code}', `${url}/webhooks/${token}`), '404');
console.log('ok deleted');
