// Calls every operation that Losant's own client has, through the client itself,
// against a server whose base URL is the first argument: parents first, with bodies
// and parameters from the examples that the client's package publishes. It prints one
// line of JSON for each operation, with the status and what was wrong, and one for
// each collection whose items did not keep their state.
import assert from 'node:assert/strict';
import { createReadStream, readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const losant = require('losant-rest');
const axios = require('axios');
const validator = require('is-my-json-valid');
const schemas = join(dirname(require.resolve('losant-rest')), 'schemas');
const read = (name) => JSON.parse(readFileSync(join(schemas, `${name}.json`), 'utf8'));

const opts = () => ({ url: process.argv[2] }); // a new one each time: the client changes it
const client = losant.createClient({ accessToken: 'any' });
const resources = read('apiInfo');
const examples = read('apiExamples');

// The client keeps the status to itself.
let status;
axios.interceptors.response.use(
  (response) => { status = response.status; return response; },
  (error) => { status = error.response?.status; throw error; },
);

const file = join(mkdtempSync(join(tmpdir(), 'whole-api-')), 'notes.txt');
writeFileSync(file, 'a file');

const nameOf = (schema) => schema?.$ref?.split('/').pop();

// A reference that is left in a schema is a circle, where anything passes.
// So it does where a type is none: three schemas have a slip there.
const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
const open = (schema) => {
  if (Array.isArray(schema)) { return schema.map(open); }
  if (schema === null || typeof schema !== 'object') { return schema; }
  if (schema.$ref || (typeof schema.type === 'string' && !types.includes(schema.type))) { return {}; }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, open(value)]));
};

// What responses have beside their schemas begins with an underscore.
const plain = (body) => {
  if (Array.isArray(body)) { return body.map(plain); }
  if (body === null || typeof body !== 'object') { return body; }
  const own = Object.entries(body).filter(([key]) => !['_type', '_links', '_actions'].includes(key));
  return Object.fromEntries(own.map(([key, value]) => [key, key === 'items' ? plain(value) : value]));
};

const accepts = (schema, body) => {
  const validate = validator(open(schema.$ref ? read(nameOf(schema)) : schema), { verbose: true });
  // Results of a search have a _type by their schema.
  return validate(body) || validate(plain(body)) ? '' : JSON.stringify(validate.errors.slice(0, 3));
};

// The ids of what was made, by the path up to them: two resources can have a
// parameter of the same name.
const ids = {};
const idAt = (path, param) => ids[path.slice(0, path.indexOf(`{${param}}`)) + `{${param}}`];

// Published examples of bodies that do not match their own schemas, mended.
const tags = [{ key: 'floor', value: '8' }];
const password = 'Strong-password-1';
const pem = `-----BEGIN CERTIFICATE-----\n${'A'.repeat(200)}\n-----END CERTIFICATE-----`;
const mended = {
  applicationCertificatePost: (body) => ({ ...body, certificate: pem }),
  applicationCertificateAuthorityPost: (body) => ({ ...body, caBundle: pem }),
  experienceDomainPost: (body) => ({ ...body, sslKey: pem, sslCert: pem }),
  experienceDomainPatch: (body) => ({ ...body, sslKey: pem, sslCert: pem }),
  experienceGroupPost: (body) => ({ ...body, deviceTags: tags }),
  multiDeviceCommand: (body) => ({ ...body, deviceTags: tags }),
  instancePatch: () => ({ reportConfigs: [{ cron: '0 0 1 * *', emails: ['ada@example.com'] }] }),
  applicationApplyTemplatePatch: (body) => ({ ...body, email: 'ada@example.com' }),
  applicationClonePost: (body) => body.options,
  changePassword: (body) => ({ ...body, newPassword: password }),
  mePatch: (body) => ({ ...body, password }),
  flowsImportPost: (body) => ({ ...body, flows: body.flows.map(({ stats, ...flow }) => flow) }),
  // The response to one row matches both forms that its schema has, and so neither.
  dataTableRowInsert: (body) => [body, body],
};

const bodyOf = (schema) => (mended[schema] ?? ((body) => body))(examples[schema]);

const paramsOf = (resource, action, more = {}) => {
  const params = {};
  for (const param of [...(resource.params ?? []), ...(action.params ?? [])]) {
    if (param.in === 'path') {
      params[param.name] = idAt(resource.path + (action.path ?? ''), param.name) ?? param.example;
    } else if (param.in === 'body') {
      params[param.name] = bodyOf(nameOf(param.schema));
    } else if (param.type === 'file') {
      params[param.name] = createReadStream(file);
    } else if (param.required) {
      params[param.name] = param.example ?? param.default ?? 'x';
    }
  }
  return { ...params, ...more };
};

const results = new Map();
const kept = {};

// call calls an operation once, and notes what became of it.
const call = async (name, more) => {
  const [resourceName, actionName] = name.split('.');
  const resource = resources[resourceName];
  const action = resource.actions[actionName];
  const result = { operation: name, problem: '' };
  if (!results.has(name)) { results.set(name, result); }
  let body;
  status = undefined;
  try {
    body = await client[resourceName][actionName](paramsOf(resource, action, more), opts());
    if (action.sseStream) { status = 200; body.close(); body = undefined; }
    const documented = action.responses[status];
    if (!documented) {
      result.problem = `${status} is not documented`;
    } else if (documented.schema) {
      result.problem = accepts(documented.schema, body);
    }
  } catch (error) {
    result.problem = `${status}: ${error.message ?? JSON.stringify(error)}`;
  }
  result.status = status;
  return body;
};

// A collection has the path of its items but for the last part.
const collections = { file: 'files' };
const pairs = [];
for (const [name, resource] of Object.entries(resources)) {
  const found = resource.path.match(/^(.*)\/\{(\w+)\}$/);
  const collection = collections[name] ??
    Object.keys(resources).find((other) => found && resources[other].path === found[1]);
  if (found && collection && resource.actions.get) {
    pairs.push({ collection, item: name, param: found[2], depth: resource.path.split('/').length });
  }
}
pairs.sort((a, b) => a.depth - b.depth);

const keyOf = (pair, body) => body.id ?? body[pair.param];
const of = (pair, action) => resources[pair.item].actions[action] && `${pair.item}.${action}`;
const bodyName = (name) => {
  const [resource, action] = name.split('.');
  return resources[resource].actions[action].params.find((param) => param.in === 'body').name;
};

// First everything is made, read and changed.
for (const pair of pairs) {
  try {
    let made;
    if (resources[pair.collection].actions.post) {
      made = await call(`${pair.collection}.post`);
      assert.ok(made, 'it is not made');
    } else {
      made = (await call(`${pair.collection}.get`)).items[0];
      assert.ok(made, 'the collection is empty');
    }
    const list = await call(`${pair.collection}.get`, { perPage: 1000 });
    const listed = list.items.find((item) => made.id === undefined || keyOf(pair, item) === keyOf(pair, made));
    assert.ok(listed, 'the list lacks it');
    ids[resources[pair.item].path] = keyOf(pair, listed);
    const got = await call(of(pair, 'get'));
    assert.deepEqual(got, listed, 'the list has it in another way');
    if (of(pair, 'patch')) {
      await call(of(pair, 'patch'));
      const changed = await call(of(pair, 'get'));
      const sent = paramsOf(resources[pair.item], resources[pair.item].actions.patch)[bodyName(of(pair, 'patch'))];
      for (const [key, value] of Object.entries(sent)) {
        const whole = value?.constructor === Object ? { ...got[key], ...value } : value; // objects are merged
        if (key in changed) { assert.deepEqual(changed[key], whole, `${key} is not changed`); }
      }
    }
    kept[pair.collection] = '';
  } catch (error) {
    kept[pair.collection] = error.message;
  }
}

// Then the other operations are called, and those that remove something.
const isDelete = (name) => pairs.some((pair) => of(pair, 'delete') === name);
for (const [resourceName, resource] of Object.entries(resources)) {
  for (const action of Object.keys(resource.actions)) {
    const name = `${resourceName}.${action}`;
    if (!results.has(name) && !isDelete(name)) { await call(name); }
  }
}

// A token that was made is valid, and may do what it was made for.
kept.applicationApiTokens ||= await (async () => {
  const applicationId = ids[resources.application.path];
  const made = await client.applicationApiTokens.post({ applicationId, apiToken: { name: 'a', scope: ['devices.get'] } }, opts());
  const caller = losant.createClient({ accessToken: made.token });
  await caller.devices.get({ applicationId }, opts());
  await assert.rejects(caller.flows.get({ applicationId }, opts()), { statusCode: 403 });
  const own = await client.userApiTokens.post({ apiToken: { name: 'a', scope: ['all.User'] } }, opts());
  const user = await losant.createClient({ accessToken: own.token }).me.get({}, opts());
  assert.deepEqual([own.ownerType, own.ownerId, made.ownerType, made.ownerId], ['user', user.id, 'application', applicationId]);
  return '';
})().catch((error) => error.message);

// A device may do what devices may, or what it has asked for.
kept.devices ||= await (async () => {
  const applicationId = ids[resources.application.path];
  const deviceId = ids[resources.device.path];
  for (const [requestedScopes, mayChange] of [[undefined, true], [['all.Device.read'], false]]) {
    const { token } = await client.auth.authenticateDevice({ credentials: { deviceId, key: 'k', secret: 's', requestedScopes } }, opts());
    const caller = losant.createClient({ accessToken: token });
    await caller.device.get({ applicationId, deviceId }, opts());
    const change = caller.device.sendState({ applicationId, deviceId, deviceState: { data: { voltage: 1 } } }, opts());
    await (mayChange ? change : assert.rejects(change, { statusCode: 403 }));
    await assert.rejects(caller.me.get({}, opts()), { statusCode: 403 });
  }
  return '';
})().catch((error) => error.message);

// A list has the default of its filter, and so has an item for which none was sent.
kept.flows ||= await (async () => {
  const applicationId = ids[resources.application.path];
  const plain = await client.flows.post({ applicationId, flow: { name: 'plain' } }, opts());
  const edge = await client.flows.post({ applicationId, flow: { name: 'edge', flowClass: 'edge' } }, opts());
  const listed = async (params) => (await client.flows.get({ applicationId, perPage: 1000, ...params }, opts())).items.map(({ id }) => id);
  for (const [params, hasPlain] of [[{}, true], [{ flowClass: 'cloud' }, true], [{ flowClass: 'edge' }, false]]) {
    const all = await listed(params);
    assert.deepEqual([all.includes(plain.id), all.includes(edge.id)], [hasPlain, !hasPlain]);
  }
  return '';
})().catch((error) => error.message);

// An import responds with an application.
assert.ok((await client.applications.import(paramsOf(resources.applications, resources.applications.actions.import), opts())).application.name);

// Last the items are deleted, children first.
for (const pair of pairs.toReversed()) {
  if (!of(pair, 'delete')) { continue; }
  await call(of(pair, 'delete'));
  await client[pair.item].get(paramsOf(resources[pair.item], resources[pair.item].actions.get), opts()).then(
    () => { kept[pair.collection] ||= 'it is there after it was deleted'; },
    (error) => { if (error.statusCode !== 404) { kept[pair.collection] ||= `${error.statusCode} after it was deleted`; } },
  );
}
for (const [resourceName, resource] of Object.entries(resources)) {
  for (const action of Object.keys(resource.actions)) {
    const name = `${resourceName}.${action}`;
    if (!results.has(name)) { await call(name); }
  }
}

for (const result of results.values()) { console.log(JSON.stringify(result)); }
for (const [collection, problem] of Object.entries(kept)) { console.log(JSON.stringify({ collection, problem })); }
process.exit(0); // a stream may be about to connect again
