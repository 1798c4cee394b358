// Losant's own client, used as its documentation shows, against a server whose
// base URL is the first argument. The server has the scenario "strict-auth".
import assert from 'node:assert/strict';
import losant from 'losant-rest';

const url = process.argv[2];
const applicationId = '575ec8687ae143cd83dc4a97';
const opts = { url };
const client = losant.createClient({ accessToken: 'all.Application' });

// What an error of the client must look like.
const fails = (promise, statusCode, type, message) =>
  assert.rejects(promise, { statusCode, type, message });

const made = [];
for (const name of ['Door opened', 'Door closed', 'Window opened']) {
  made.push(await client.webhooks.post({ applicationId, webhook: { name } }, opts));
}
assert.equal(made[0].name, 'Door opened');
assert.equal(made[0].responseCode, 200);
assert.match(made[0].id, /^[0-9a-f]{24}$/);
assert.equal(made[0]._actions, undefined); // the client switches them off
assert.equal(made[0]._links.self.href, `/applications/${applicationId}/webhooks/${made[0].id}`);
console.log('ok create');

const all = await client.webhooks.get({ applicationId }, opts);
assert.equal(all.totalCount, 4);
assert.deepEqual(all.items.map((w) => w.name), ['Door closed', 'Door opened', 'My Webhook', 'Window opened']);
const second = await client.webhooks.get({ applicationId, perPage: 2, page: 1, sortDirection: 'desc' }, opts);
assert.deepEqual(second.items.map((w) => w.name), ['Door opened', 'Door closed']);
assert.deepEqual([second.count, second.totalCount, second.page, second.perPage], [2, 4, 1, 2]);
const filtered = await client.webhooks.get({ applicationId, filterField: 'name', filter: 'door*' }, opts);
assert.deepEqual(filtered.items.map((w) => w.name), ['Door closed', 'Door opened']);
console.log('ok list, page and filter');

const webhookId = made[0].webhookId;
const got = await client.webhook.get({ applicationId, webhookId }, opts);
assert.deepEqual(got, made[0]);
console.log('ok get');

const patched = await client.webhook.patch({ applicationId, webhookId, webhook: { responseCode: 201 } }, opts);
assert.equal(patched.responseCode, 201);
assert.equal(patched.name, 'Door opened');
assert.ok(patched.lastUpdated >= got.lastUpdated);
console.log('ok patch');

assert.deepEqual(await client.webhook.delete({ applicationId, webhookId }, opts), { success: true });
await fails(client.webhook.get({ applicationId, webhookId }, opts), 404, 'NotFound', 'Webhook was not found');
console.log('ok delete');

await fails(client.webhooks.post({ applicationId, webhook: {} }, opts), 400, 'Validation', 'webhook.name is required');
await fails(client.webhooks.get({ applicationId, sortField: 'token' }, opts), 400, 'Validation', 'sortField must be an enum value');
await fails(client.webhooks.get({ applicationId: '0'.repeat(24) }, opts), 404, 'NotFound', 'Application was not found');
await fails(client.application.get({ applicationId: 'x' }, opts), 400, 'Validation', 'applicationId pattern mismatch');
console.log('ok 400 and 404');

const reader = losant.createClient({ accessToken: 'reader' });
assert.equal((await reader.webhooks.get({ applicationId }, opts)).totalCount, 3);
await fails(reader.webhooks.post({ applicationId, webhook: { name: 'x' } }, opts), 403, 'Forbidden', 'Access is forbidden');
await fails(losant.createClient().webhooks.get({ applicationId }, opts), 403, 'Forbidden', 'Access is forbidden');
await fails(losant.createClient({ accessToken: 'expired' }).webhooks.get({ applicationId }, opts), 401, 'Unauthorized', 'Access token has expired');
await fails(losant.createClient({ accessToken: 'garbage' }).webhooks.get({ applicationId }, opts), 401, 'Unauthorized', 'Invalid access token');
console.log('ok 401 and 403');

const user = losant.createClient();
const credentials = { email: 'dev@example.com', password: 'correct horse battery' };
await fails(user.auth.authenticateUser({ credentials: { ...credentials, password: 'something else' } }, opts), 401, 'Unauthorized', 'Invalid email or password');
const session = await user.auth.authenticateUser({ credentials }, opts);
assert.equal(session.userId, '575ed70c7ae143cd83dc4aa9');
user.setOption('accessToken', session.token);
assert.equal((await user.application.get({ applicationId }, opts)).summary.webhookCount, 3);
await fails(client.applications.get({}, opts), 403, 'Forbidden', 'Access is forbidden');
console.log('ok log in');

const orgId = '575ecdf07ae143cd83dc4a9a';
const archiveConfig = { mode: 'all', s3: { bucket: 'b', accessKeyId: 'aaaa', secretAccessKey: 'ssss', region: 'r' } };
const plant = await user.applications.post({
  application: { name: 'Plant', orgId, endpointSlug: 'plant', globals: [{ key: 'site', json: '1' }], archiveConfig, blobUrlTTL: 3600 },
  summaryInclude: 'webhookCount',
}, opts);
assert.deepEqual([plant.name, plant.ownerId, plant.ownerType, plant.endpointSlug], ['Plant', orgId, 'organization', 'plant']);
assert.deepEqual([plant.archiveConfig, plant.summary], [archiveConfig, { webhookCount: 0 }]);
assert.equal(Object.keys(plant._links).length, 9);
const names = async (params) => (await user.applications.get(params, opts)).items.map((a) => a.name);
assert.deepEqual(await names({ sortField: 'ownerId', sortDirection: 'desc' }), ['My Application', 'Plant']);
assert.deepEqual(await names({ orgId }), ['Plant']);
assert.deepEqual(await names({ orgId: '', filterField: 'name', filter: '*a*' }), ['My Application']);
const plantId = plant.applicationId;
const renamed = await user.application.patch({
  applicationId: plantId, application: { name: 'Works', ftueTracking: [{ name: 'tour', version: 1, status: 'completed' }] }, summaryExclude: 'payloadCount',
}, opts);
assert.deepEqual([renamed.name, renamed.endpointSlug, renamed.summary.payloadCount], ['Works', 'plant', undefined]);
assert.deepEqual(await user.application.delete({ applicationId: plantId }, opts), { success: true });
await fails(user.application.get({ applicationId: plantId }, opts), 404, 'NotFound', 'Application was not found');
console.log('ok applications');

// As Losant's command line logs in.
const cli = losant.createClient();
const requested = { ...credentials, requestedScopes: ['all.User.cli'], tokenTTL: 60 * 24 * 60 * 60 };
const { token } = await cli.auth.authenticateUser({ credentials: requested }, opts);
const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
assert.deepEqual(claims.scope, ['all.User.cli']);
assert.equal(claims.exp - claims.iat, requested.tokenTTL);
cli.setOption('accessToken', token);
assert.equal((await cli.applications.get({}, opts)).totalCount, 1);
assert.equal((await cli.application.patch({ applicationId, application: {} }, opts)).name, 'My Application');
await fails(cli.webhooks.get({ applicationId }, opts), 403, 'Forbidden', 'Access is forbidden');
await fails(cli.application.delete({ applicationId }, opts), 403, 'Forbidden', 'Access is forbidden');
console.log('ok log in as the command line does');

// Every call that the client has for the operations of this server was made.
const called = { applications: ['get', 'post'], application: ['delete', 'get', 'patch'], auth: ['authenticateUser'], webhooks: ['get', 'post'], webhook: ['delete', 'get', 'patch'] };
const { resources } = await (await fetch(url)).json();
for (const [resource, { actions }] of Object.entries(resources)) {
  assert.deepEqual(Object.keys(actions).filter((action) => user[resource][action]).sort(), called[resource]);
}
console.log('ok every call');
