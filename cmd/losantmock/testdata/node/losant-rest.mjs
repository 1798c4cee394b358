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
const application = await user.applications.post({ application: { name: 'Plant' } }, opts);
assert.equal(application.name, 'Plant');
assert.equal((await user.applications.get({}, opts)).totalCount, 2);
assert.equal((await user.application.get({ applicationId }, opts)).summary.webhookCount, 3);
console.log('ok log in and applications');
