// Calls of the admin API, and of the API that clients use, in the world that is
// picked.

import { bearer } from './bytes.js';

const root = location.pathname.replace(/\/__admin\/.*$/, '');

// server is the path of the server; ownSandbox the sandbox that the page is of, by its path
// or its host.
const { sandbox: hosted = '' } = document.documentElement.dataset;
export const server = root.replace(/\/__sandbox\/.*$/, '');
export const ownSandbox = root === server ? hosted : decodeURIComponent(root.slice(root.lastIndexOf('/') + 1));

let sandbox = ownSandbox;
let token; // access token for the API, made for the page
let adminToken = sessionStorage.getItem('adminToken') ?? '';
let askForToken = async () => '';
let asking;
let declined = false; // whether somebody has left the form of the token

export const picked = () => sandbox;
export const baseOf = (name) => (name === '' ? server : `${server}/__sandbox/${encodeURIComponent(name)}`);
export const base = () => baseOf(sandbox);
export const baseURL = () => location.origin + base();
export const toMain = (hash) => `${hosted && `//${location.host.slice(hosted.length + 1)}`}${server}/__admin/${hash}`;
export const socketURL = (path) => [location.protocol.replace('http', 'ws'), '', location.host + base() + path].join('/');

export function pick(name) {
  sandbox = name;
  token = undefined;
}

export const forgetAccess = () => { token = undefined; };

export const keptToken = () => adminToken;

export function keepToken(text) {
  adminToken = text;
  declined = false;
  if (text) sessionStorage.setItem('adminToken', text);
  else sessionStorage.removeItem('adminToken');
}

// onRefusal sets what asks for the admin token. It returns the token, or nothing.
export const onRefusal = (ask) => { askForToken = ask; };

// Problem is why a call failed. Its field names the part that is wrong.
export class Problem extends Error {
  constructor(message, status, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

// noResponse takes the place of a browser's own words for a lost connection.
const noResponse = (error) => { throw error instanceof TypeError ? new Problem('The server does not respond') : error; };
const textOf = (response) => response.text().catch(noResponse);

// send sends one call with a token.
export const send = (url, { method = 'GET', body, headers = {}, signal } = {}, access = adminToken) => fetch(url, {
  method, body, signal, cache: 'no-store',
  headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers, ...(access && { Authorization: bearer(access) }) },
}).catch(noResponse);

async function call(url, options) {
  for (;;) {
    const sent = adminToken;
    const response = await send(url, options, sent);
    if (response.status !== 401) return response;
    if (sent !== adminToken) continue; // another call has asked for it meanwhile
    if (declined) return response;
    asking ??= askForToken(sent !== '').then((given) => { declined = given === ''; return given; }).finally(() => { asking = undefined; });
    if (!await asking) return response;
    options?.signal?.throwIfAborted();
  }
}

async function problem(response) {
  const text = await textOf(response);
  if (response.status === 401) return new Problem('This needs the admin token: enter it at the top of the page', 401);
  try {
    const { errors: [first] } = JSON.parse(text);
    return new Problem([first.title, first.message ?? first.detail].filter(Boolean).join(': '), response.status, first.source?.pointer?.replace(/^\//, ''));
  } catch {
    return new Problem(text || `${response.status} ${response.statusText}`, response.status);
  }
}

// admin calls the admin API of the picked world, and returns the JSON of the
// response, or else its text; with `raw` the text in any case.
export async function admin(path, options = {}) {
  const body = options.body !== undefined && typeof options.body !== 'string' ? JSON.stringify(options.body) : options.body;
  const response = await call(`${options.server ? server : base()}/__admin${path}`, { ...options, body });
  if (!response.ok) throw await problem(response);
  const text = await textOf(response);
  return !options.raw && response.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : text;
}

// losant calls the API as a client does, with a token made for the page.
export async function losant(method, path, fields, signal) {
  token ??= (await admin('/tokens', { method: 'POST', body: {}, signal })).token;
  const response = await send(base() + path, { method, signal, body: fields && JSON.stringify(fields) }, token);
  const value = JSON.parse(await textOf(response));
  if (response.ok) return value;
  if (response.status === 401) token = undefined;
  throw new Problem(value.message ?? response.statusText, response.status, /^[a-z]+\.(\w+)/.exec(value.message)?.[1]);
}
