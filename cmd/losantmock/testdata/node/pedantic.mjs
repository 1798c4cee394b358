// Node's own parsers of HTTP read every response of a pedantic server: that of
// http, which is strict, that of fetch, and Losant's client on top. The server's
// base URL is the first argument; its scenario is "pedantic.yaml".
import assert from 'node:assert/strict';
import http from 'node:http';
import losant from 'losant-rest';

const url = process.argv[2];
const applicationId = '575ec8687ae143cd83dc4a97';
const hooks = `${url}/applications/${applicationId}/webhooks`;
const authorization = 'Bearer any';
// go test takes a few rounds, CI all of them.
const rounds = !process.env.LAB_SIZE || process.env.LAB_SIZE === 'small' ? 8 : 40;
const json = { authorization, 'content-type': 'application/json' };
const requests = [
  [200, 'GET', hooks, { authorization }],
  [200, 'GET', hooks, { authorization, 'accept-encoding': 'gzip' }],
  [403, 'GET', hooks, {}],
  [404, 'GET', `${hooks}/000000000000000000000000`, { authorization }],
  [400, 'GET', `${hooks}?perPage=0`, { authorization }],
  [201, 'POST', hooks, json, '{"name":"x"}'],
  [400, 'POST', hooks, json, '{'],
  [405, 'PUT', hooks, json, '{}'],
  [405, 'HEAD', hooks, { authorization }],
  [204, 'OPTIONS', hooks, {}],
  [404, 'GET', `${url}/%ff`, {}],
  [200, 'GET', url, {}],
];

const send = (method, target, headers, body) => new Promise((resolve, reject) => {
  http.request(target, { method, headers, insecureHTTPParser: false }, (response) => {
    response.on('error', reject).on('end', () => resolve(response)).resume();
  }).on('error', reject).end(body);
});
const framings = new Set();
for (let round = 0; round < rounds; round++) {
  for (const [status, method, target, headers, body] of requests) {
    const response = await send(method, target, headers, body);
    assert.equal(response.statusCode, status, `${method} ${target}`);
    if (!headers['accept-encoding']) framings.add(response.headers['transfer-encoding'] ?? 'length'); // gzip is always chunked
    const names = response.rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
    assert.equal(new Set(names).size, names.length, `a field stands twice: ${names}`);
  }
}
assert.equal(framings.size, 2, `responses are framed by ${[...framings]}`);
console.log('ok http');

for (let round = 0; round < rounds; round++) {
  for (const [status, method, target, headers, body] of requests) {
    const response = await fetch(target, { method, headers, body });
    await response.text();
    assert.equal(response.status, status, `${method} ${target}`);
  }
}
console.log('ok fetch');

const client = losant.createClient({ accessToken: 'any' });
for (let round = 0; round < rounds; round++) {
  assert.equal((await client.webhooks.get({ applicationId, filterField: 'name', filter: 'My Webhook' }, { url })).totalCount, 1);
  await assert.rejects(client.webhook.get({ applicationId, webhookId: 'x' }, { url }), { statusCode: 400, type: 'Validation' });
}
console.log('ok losant-rest');
