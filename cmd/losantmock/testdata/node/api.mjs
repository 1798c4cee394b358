// Serves webhooks as Losant does: with Losant's own framework, bravado-core, which
// reads parameters, tokens and scopes, and writes links and actions. What the
// framework does not decide is kept simple. It reads a line of JSON with the API's
// definition, an application's id and the variations, all of them legal, and prints
// its URL and a token as JSON. It ends with its standard input.
import http from 'node:http';
import zlib from 'node:zlib';
import querystring from 'node:querystring';
import { createHash, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';

process.env.JWT_SECRET = randomBytes(32).toString('hex');
process.env.JWT_ALGO = 'HS256';
const { default: handlerOf, ApiDefinition } = await import('bravado-core');
const { default: errors } = await import('bravado-core/lib/errors.js');
const { issueToken } = await import('bravado-core/lib/jwt-helpers.js');

const lines = createInterface({ input: process.stdin });
const { definition, application, variations } = JSON.parse(await new Promise((resolve) => { lines.once('line', resolve); }));
lines.on('close', () => process.exit());
const api = new ApiDefinition(definition);
const varies = (name) => variations.includes(name);

// -- the state, and what operations do with it

const hour = 60 * 60 * 1000;
const now = () => new Date(Date.now() + (varies('ahead') ? hour : varies('behind') ? -hour : 0)).toISOString();
const same = (a, b) => a.toLowerCase() === b.toLowerCase();
const defaults = {
  description: '', responseCode: 200, verificationType: 'none', verificationCode: '', waitForReply: false, basicAuthUsername: '',
  basicAuthPassword: '', isWebsocket: false, castBuffersAs: 'array', annotateMultipart: false, enabled: true
};
const app = { id: application, applicationId: application, creationDate: now(), lastUpdated: now(), name: 'Oracle', ownerId: application, ownerType: 'user' };

const notFound = (title) => { throw errors.NotFound({ title }); };
const invalid = (field, validationMessage) => { throw errors.Validation({ field, validationMessage }); };
const theApplication = ({ applicationId }) => (same(app.id, applicationId) ? app : notFound('Application'));
const theWebhook = ({ applicationId, webhookId }) =>
  hooks.find((hook) => same(app.id, applicationId) && same(hook.id, webhookId)) || notFound('Webhook');

// How a page is refused, and how many items it may hold, is not public.
const wholeNumber = (params, name, usual, least) => {
  const text = params[name] ?? String(usual);
  if (varies('lenient')) { return Math.min(Math.max(parseInt(text, 10) || usual, least), 100); }
  return /^\d+$/.test(text) && Number(text) >= least ? Number(text) : invalid(name, 'pattern mismatch');
};

const matcher = (glob) => new RegExp(`^${glob.replace(/[.+^$()|\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')
  .replace(/\{(.*?)\}/g, (_, list) => `(${list.replaceAll(',', '|')})`).replaceAll('[!', '[^')}$`, 'iu');

const orders = {
  standard: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  language: new Intl.Collator('en').compare
};

const list = (type, itemType, all, params, context, body) => {
  const { sortField = 'name', sortDirection = 'asc', filterField, filter } = params;
  const page = wholeNumber(params, 'page', 0, 0);
  const perPage = wholeNumber(params, 'perPage', 100, 1);
  const found = filterField && filter ? all.filter((item) => matcher(filter).test(item[filterField])) : [...all];
  const order = orders[varies('language') && sortField === 'name' ? 'language' : 'standard'];
  found.sort((a, b) => (order(a[sortField], b[sortField]) || order(a.id, b.id)) * (sortDirection === 'desc' ? -1 : 1));
  const result = context.collection(type, itemType, {
    ...body, perPage, page, sortField, sortDirection, totalCount: found.length, ...(filterField && { filterField }), ...(filter && { filter })
  });
  result.addAll(found.slice(page * perPage, (page + 1) * perPage));
  context.succeed(result);
};

const newID = () => randomBytes(12).toString('hex')[varies('capitals') ? 'toUpperCase' : 'toLowerCase']();
const newHook = (fields) => {
  const id = newID();
  const at = now();
  return { id, webhookId: id, applicationId: app.id, creationDate: at, lastUpdated: at, token: randomBytes(20).toString('hex'), ...defaults, ...fields };
};
let hooks = ['b', 'A10', 'ä', 'A2'].map((name) => newHook({ name }));

const controllers = {
  applications: {
    // The application is a user's own.
    get: (params, context) => list('applications', 'application', params.orgId ? [] : [app], params, context),
    post: () => { throw errors.Forbidden(); }
  },
  application: {
    get: (params, context) => context.succeed(context.entity('application', theApplication(params))),
    patch: (params, context) => context.succeed(context.entity('application', Object.assign(theApplication(params), params.application, { lastUpdated: now() }))),
    delete: () => { throw errors.Forbidden(); }
  },
  auth: { authenticateUser: () => { throw errors.Unauthorized({ message: 'The email or password is wrong' }); } },
  webhooks: {
    get: (params, context) => {
      theApplication(params);
      list('webhooks', 'webhook', hooks, params, context, { applicationId: app.id });
    },
    post: (params, context) => {
      theApplication(params);
      const hook = newHook(params.webhook);
      hooks.push(hook);
      context.succeed(context.entity('webhook', hook));
    }
  },
  webhook: {
    get: (params, context) => context.succeed(context.entity('webhook', theWebhook(params))),
    patch: (params, context) => {
      const hook = theWebhook(params);
      if ('isWebsocket' in params.webhook) { invalid('webhook.isWebsocket', 'is fixed'); }
      context.succeed(context.entity('webhook', Object.assign(hook, params.webhook, { lastUpdated: now() })));
    },
    delete: (params, context) => {
      const hook = theWebhook(params);
      hooks = hooks.filter((other) => other !== hook);
      context.succeed({ success: true });
    }
  }
};

// -- routes: of several that match, the shortest, since a slash may end a path

const routes = Object.entries(api.resources).flatMap(([resource, { actions }]) => Object.entries(actions).map(([action, each]) => ({
  method: each.method, length: each['x-bravado-fullPath'].length, created: resource.endsWith('s') && action === 'post',
  path: new RegExp(`^${each['x-bravado-fullPath'].replace(/\{(\w+)\}/g, '(?<$1>[^/]{0,100})')}/?$`),
  handle: handlerOf(api, resource, action, controllers[resource])
}))).sort((a, b) => a.length - b.length);

// -- bodies, as the framework's server reads them

class Unreadable extends Error {
  constructor(statusCode, code, message, headers = {}) { super(message); Object.assign(this, { statusCode, code, headers }); }
}

const readParts = async (contentType, raw) => {
  if (!contentType.includes('boundary=')) { throw new Unreadable(400, 'BadRequest', 'bad content-type header, no multipart boundary'); }
  return Object.fromEntries(await new Response(raw, { headers: { 'Content-Type': contentType } }).formData());
};

const readBody = (request, raw) => {
  const contentType = request.headers['content-type'] || '';
  const type = contentType.split(';')[0].toLowerCase();
  if (!type || type === 'application/octet-stream' || request.headers['content-length'] === '0') { return undefined; }
  if (type === 'multipart/form-data') { return readParts(contentType, raw); }
  const encoding = request.headers['content-encoding'] || '';
  if (encoding && encoding !== 'gzip') {
    throw new Unreadable(415, 'UnsupportedMediaType', 'content encoding not supported', { 'Accept-Encoding': 'gzip' });
  }
  const digest = request.headers['content-md5'];
  if (digest && digest !== createHash('md5').update(raw).digest('base64')) { throw new Unreadable(400, 'BadDigest', 'the digest is another'); }
  if (encoding) {
    try {
      raw = zlib.gunzipSync(raw);
    } catch (err) {
      throw Object.assign(new Error(err.message), { statusCode: 500, type: 'Error' });
    }
  }
  const text = raw.toString('utf8');
  if (type === 'application/json' || /^application\/[a-z.]+\+json/.test(type)) {
    if (!text && type === 'application/json') { return ''; }
    try { return JSON.parse(text); } catch (err) { throw new Unreadable(400, 'InvalidContent', `Invalid JSON: ${err.message}`); }
  }
  if (type === 'application/x-www-form-urlencoded') { return text ? { ...querystring.parse(text) } : ''; }
  if (type === 'text/csv' && /[^,\n]"/.test(text)) { throw new Unreadable(500, 'Internal', 'Error: a quote in the wrong place'); }
  if (type.startsWith('text/')) { return text; }
  return raw;
};

const readQuery = (text) => {
  const query = {};
  for (const [name, value] of Object.entries(querystring.parse(text))) {
    const [, listed] = /^(\w+)\[/.exec(name) || [];
    query[listed || name] = listed ? [value].flat() : value;
  }
  return query;
};

// -- responses, with their variations

const vary = (value) => {
  if (Array.isArray(value)) { return value.map(vary); }
  if (!value || typeof value !== 'object') { return value; }
  let entries = Object.entries(value).map(([key, inner]) => [key, vary(inner)]);
  if (value._type === 'webhook') {
    if (varies('absent')) { entries = entries.filter(([key, inner]) => key === 'responseCode' || defaults[key] !== inner); }
    if (varies('unknown')) { entries.push(['retries', 3]); }
  }
  return Object.fromEntries(varies('keys') ? entries.reverse() : entries);
};

const respond = (request, response, status, body, headers) => {
  const all = { 'Content-Type': varies('charset') ? 'application/json; charset=utf-8' : 'application/json', Date: new Date(now()).toUTCString(), ...headers };
  if (varies('headers')) { Object.assign(all, { 'Set-Cookie': ['a=b; Path=/', 'c=d'], 'Strict-Transport-Security': 'max-age=1', 'X-Request-Id': newID() }); }
  let text = Buffer.from(body === undefined ? '' : JSON.stringify(vary(body), null, varies('indented') ? '\t' : undefined));
  if (varies('gzip') && text.length && /\bgzip\b/.test(request.headers['accept-encoding'])) {
    text = zlib.gzipSync(text);
    all['Content-Encoding'] = 'gzip';
  }
  if (!varies('chunked') && status !== 204) { all['Content-Length'] = text.length; }
  response.writeHead(status, all);
  if (request.method !== 'HEAD') {
    const middle = varies('chunked') ? text.length / 2 : 0;
    if (middle) { response.write(text.subarray(0, middle)); }
    if (text.length) { response.write(text.subarray(middle)); }
  }
  response.end();
};

const corsOf = (request) => {
  if (varies('anyOrigin')) { return { 'Access-Control-Allow-Origin': '*' }; }
  const many = varies('splitVary') ? ['Accept-Encoding', 'Origin'] : varies('moreVary') ? 'Accept-Encoding, origin' : 'origin';
  return { 'Access-Control-Allow-Origin': request.headers.origin || '*', Vary: many };
};

const serve = async (request, response, raw) => {
  const [sent, query] = request.url.split('?');
  let path;
  try {
    path = decodeURIComponent(sent.replace(/%2f/gi, '%252F')); // which stays within its segment
  } catch {
    respond(request, response, 404, { type: 'NotFound', message: `${sent} does not exist` });
    return;
  }
  const allowed = routes.filter((route) => route.path.test(path)).map((route) => route.method).concat(path === '/' ? 'GET' : [], 'OPTIONS').sort();
  const route = routes.find(({ method, path: pattern }) => method === request.method && pattern.test(path));
  if (!route && !allowed.includes(request.method)) {
    respond(request, response, 405, { type: 'MethodNotAllowed', message: `${request.method} is not allowed` }, { Allow: allowed.join(', ') });
    return;
  }
  let body;
  try {
    body = request.method === 'GET' ? undefined : await readBody(request, raw);
  } catch (err) {
    const { statusCode, type, code, headers } = err;
    respond(request, response, statusCode, { ...(code ? { code } : { type }), message: err.message }, headers);
    return;
  }
  const cors = corsOf(request);
  if (request.method === 'OPTIONS') {
    respond(request, response, 204, undefined, {
      ...cors, 'Access-Control-Max-Age': '86400',
      'Access-Control-Allow-Headers': 'Accept,Content-Type,X-Amz-Date,Authorization,Accept-Version,losantdomain',
      'Access-Control-Allow-Methods': 'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'
    });
    return;
  }
  if (!route) { // GET /
    respond(request, response, 200, definition, cors);
    return;
  }
  const fail = (err) => respond(request, response, err.statusCode || 500, { type: err.type || 'Error', message: err.message }, cors);
  const context = {
    done: (err, result) => (err ? fail(err) : context.succeed(result)), fail,
    succeed: (result) => respond(request, response, route.created ? 201 : 200, result, cors)
  };
  const parameters = { ...route.path.exec(path).groups };
  try {
    await route.handle({ httpRequest: true, request: { path: parameters, querystring: readQuery(query), headers: request.headers, body } }, context);
  } catch (err) {
    fail(err);
  }
};

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => serve(request, response, Buffer.concat(parts)).catch((err) => { console.error(err); response.destroy(); }));
});
server.listen(0, '127.0.0.1', () => {
  const token = issueToken({ sub: application, scope: ['all.User'] });
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}`, token }));
});
