// Losant's own client meets the faults of a scenario, and a retry library gets
// through them as the scenario says. The server's base URL is the first
// argument; its scenario is "faults.yaml".
import assert from 'node:assert/strict';
import pRetry from 'p-retry';
import losant from 'losant-rest';

const url = process.argv[2];
const applicationId = '575ec8687ae143cd83dc4a97';
const client = losant.createClient({ accessToken: 'any' });
const retried = async (task) => {
  let attempts = 0;
  const result = await pRetry(() => (attempts++, task()), { retries: 5, minTimeout: 1, shouldRetry: ({ error }) => !(error?.statusCode < 500) });
  return { attempts, result };
};

const get = await retried(() => client.webhooks.get({ applicationId }, { url }));
assert.deepEqual([get.attempts, get.result.totalCount], [3, 1]);
console.log('ok 503, 503, and then normal');

const began = Date.now();
await client.application.get({ applicationId }, { url });
assert.ok(Date.now() - began >= 100, 'it took its time');
console.log('ok latency');

await assert.rejects(client.webhook.get({ applicationId, webhookId: '575ed78e7ae143cd83dc4aab' }, { url }), { statusCode: 429, type: 'RateLimited' });
console.log('ok rateLimited');

// The first POST creates its webhook and loses its answer: code that retries
// blindly has two of them.
const post = await retried(() => client.webhooks.post({ applicationId, webhook: { name: 'Once' } }, { url }));
const { items } = await client.webhooks.get({ applicationId, filterField: 'name', filter: 'Once' }, { url });
assert.deepEqual([post.attempts, items.length], [2, 2]);
console.log('ok a POST whose answer is lost');

const { requests } = await (await fetch(`${url}/__admin/requests/find`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ fault: 'lost response' }),
})).json();
assert.equal(requests.length, 1);
console.log('ok the journal names the fault');
