// A service that uses losant-rest, tested against losantmock.
// Run with: LOSANT_URL=http://127.0.0.1:8080 node --test
const { test } = require('node:test');
const assert = require('node:assert/strict');
const losant = require('losant-rest');

const url = process.env.LOSANT_URL ?? 'http://127.0.0.1:8080';
const applicationId = '575ec8687ae143cd83dc4a97'; // of the scenario "default"

test('a webhook is created once for each door', async () => {
  const client = losant.createClient({ accessToken: 'any', url });

  await client.webhooks.post({ applicationId, webhook: { name: 'Door opened' } });

  const response = await fetch(`${url}/__admin/requests/count`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ operation: 'webhooks.post', bodyPatterns: [{ equalToJson: { name: 'Door opened' }, ignoreExtraElements: true }] }),
  });
  assert.equal((await response.json()).count, 1);
});

test('an error of the API is an error of the client', async () => {
  const client = losant.createClient({ accessToken: 'any', url });
  await assert.rejects(
    client.webhooks.post({ applicationId, webhook: { name: '' } }),
    { type: 'Validation', statusCode: 400, message: 'webhook.name has less length than allowed' },
  );
});
