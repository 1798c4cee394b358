// A client whose base URL has the name api.losant.com, which leads to the server at the
// first argument: it trusts the authority of NODE_EXTRA_CA_CERTS.
import assert from 'node:assert/strict';
import dns from 'node:dns';
import losant from 'losant-rest';

dns.lookup = (name, options, done) => {
  assert.equal(name, 'api.losant.com');
  return options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
};

const url = `https://api.losant.com:${new URL(process.argv[2]).port}`;
const client = losant.createClient({ accessToken: 'any' });
const all = await client.webhooks.get({ applicationId: '575ec8687ae143cd83dc4a97' }, { url });
assert.equal(all.items[0].name, 'My Webhook');
console.log('ok the name of the real API');
