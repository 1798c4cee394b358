// Two clients of WireMock's admin API, used as for WireMock, against a server
// whose base URL is the first argument. The server has the scenario "default".
import assert from 'node:assert/strict';
import { WireMockRestClient } from 'wiremock-rest-client';
import { WireMock } from 'wiremock-captain';

const url = process.argv[2];
const path = '/applications/575ec8687ae143cd83dc4a97/webhooks';
const headers = { Authorization: 'Bearer any', 'Content-Type': 'application/json' };
const create = (name) => fetch(url + path, { method: 'POST', headers, body: JSON.stringify({ name }) });

await create('Door opened');
await create('Door closed');
await fetch(`${url}${path}?perPage=5`, { headers });
await fetch(`${url}/nope`);

const { requests, mappings, scenarios, global } = new WireMockRestClient(url, { logLevel: 'silent' });
const count = async (pattern) => (await requests.getCount(pattern)).count;
assert.equal(await count({ method: 'POST', urlPath: path }), 2);
assert.equal(await count({ method: 'GET', urlPathPattern: '/applications/[0-9a-f]{24}/webhooks', queryParameters: { perPage: { equalTo: '5' } } }), 1);
assert.equal(await count({ bodyPatterns: [{ equalToJson: '{"name":"Door opened"}' }] }), 1);
assert.equal(await count({ bodyPatterns: [{ matchesJsonPath: { expression: '$.name', contains: 'Door' } }] }), 2);
assert.equal(await count({ headers: { Authorization: { matches: 'Bearer .*' } } }), 3);
assert.equal(await count({ operation: 'webhooks.post' }), 2);
console.log('ok count');

const found = await requests.findRequests({ method: 'POST', url: path });
assert.deepEqual(found.requests.map((r) => JSON.parse(r.body).name), ['Door opened', 'Door closed']);
assert.equal(found.requests[0].headers['Content-Type'], 'application/json');
assert.equal(found.requests[0].absoluteUrl, url + path);
console.log('ok find');

const all = await requests.getAllRequests();
assert.equal(all.meta.total, 4);
assert.equal(all.requests[0].request.url, '/nope'); // the newest
assert.equal(all.requests[0].wasMatched, false);
assert.equal(all.requests[3].response.status, 201);
const one = await requests.getRequest(all.requests[3].id);
assert.deepEqual(one.request, all.requests[3].request);
assert.deepEqual((await requests.getUnmatchedRequests()).requests.map((r) => r.url), ['/nope']);
console.log('ok list, get and unmatched');

const captain = new WireMock(url);
assert.equal((await captain.getAllRequests()).length, 4);
assert.equal((await captain.getRequestsForAPI('POST', path)).length, 2);
assert.equal((await captain.getUnmatchedRequests()).length, 1);
console.log('ok another client');

assert.equal((await requests.removeRequests({ url: '/nope' })).serveEvents.length, 1);
await requests.deleteRequest(one.id);
assert.equal(await count({}), 2);
await requests.resetAllRequests();
assert.equal(await count({}), 0);
await create('after the reset');
await captain.clearAllRequests();
assert.equal(await count({}), 0);
console.log('ok remove, delete and reset');

// What suites call before and after each test.
await create('before the next test');
await scenarios.resetAllScenarios();
await captain.resetAllScenarios();
await captain.clearAllMappings();
assert.deepEqual(await captain.getAllScenarios(), []);
assert.deepEqual(await captain.getAllMappings(), []);
assert.equal((await mappings.getAllMappings()).meta.total, 0);
assert.equal(await count({}), 1);
await mappings.resetAllMappings();
assert.equal(await count({}), 0);
await captain.clearAll();
await captain.clearAllExceptDefault();
await global.resetAll();
console.log('ok calls around a test');
