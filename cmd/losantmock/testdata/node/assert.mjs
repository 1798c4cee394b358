// The example of the README. The first argument is the server's base URL.
import assert from 'node:assert/strict';

const url = process.argv[2];
await fetch(`${url}/applications/575ec8687ae143cd83dc4a97/webhooks`, {
  method: 'POST',
  headers: { Authorization: 'Bearer any', 'Content-Type': 'application/json' },
  body: '{"name":"Door opened"}',
});

// README begins
const verify = async (request, timeout = '5s') => {
  const response = await fetch(`${url}/__admin/requests/wait`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ request, timeout }),
  });
  return response.json();
};

const { met, nearMisses } = await verify({
  operation: 'webhooks.post',
  bodyPatterns: [{ equalToJson: { name: 'Door opened' }, ignoreExtraElements: true }],
});
assert.ok(met, JSON.stringify(nearMisses));
// README ends
console.log('ok');
