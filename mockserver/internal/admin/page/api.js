// The admin API, and the API that clients use, of the world that is picked.

const root = location.pathname.replace(/\/__admin\/.*$/, '');
let sandbox = '';
let adminToken = sessionStorage.getItem('adminToken') ?? '';

export const server = root.replace(/\/__sandbox\/.*$/, '');
export const base = () => (sandbox === '' ? server : `${server}/__sandbox/${encodeURIComponent(sandbox)}`);
export const pick = (name) => { sandbox = name; };
export const picked = () => sandbox;
export const baseURL = () => location.origin + base();

if (root !== server) sandbox = decodeURIComponent(root.slice(root.lastIndexOf('/') + 1));

async function call(url, { method = 'GET', body, headers = {}, signal } = {}) {
  for (;;) {
    const sent = { ...headers };
    if (body !== undefined) sent['Content-Type'] ??= 'application/json';
    if (adminToken) sent.Authorization = `Bearer ${adminToken}`;
    const response = await fetch(url, { method, body, headers: sent, signal, cache: 'no-store' });
    if (response.status !== 401) return response;
    const given = prompt('This server needs its admin token:');
    if (!given) return response;
    adminToken = given;
    sessionStorage.setItem('adminToken', given);
  }
}

async function problem(response) {
  const text = await response.text();
  try {
    const { errors } = JSON.parse(text);
    return errors.map((e) => [e.title, e.detail].filter(Boolean).join(': ')).join('; ');
  } catch {
    return text || response.statusText;
  }
}

// admin calls the admin API of the picked world, and returns the JSON of the
// response, or else its text.
export async function admin(path, options = {}) {
  const body = options.body !== undefined && typeof options.body !== 'string' ? JSON.stringify(options.body) : options.body;
  const response = await call(`${options.server ? server : base()}/__admin${path}`, { ...options, body });
  if (!response.ok) throw new Error(await problem(response));
  return response.headers.get('Content-Type')?.includes('json') ? response.json() : response.text();
}

let token;
export const forget = () => { token = undefined; };

// losant calls the API as a client does, with a token made for the page.
export async function losant(method, path, fields) {
  token ??= (await admin('/tokens', { method: 'POST', body: {} })).token;
  const response = await fetch(base() + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(fields && { 'Content-Type': 'application/json' }) },
    body: fields && JSON.stringify(fields),
  });
  const value = await response.json();
  if (!response.ok) throw new Error(value.message ?? response.statusText);
  return value;
}

// events yields what the journal's stream sends behind an event. It reads the
// stream itself, because EventSource can't send a token.
export async function* events(after, signal) {
  const response = await call(`${base()}/__admin/requests/stream`, { headers: { 'Last-Event-ID': after }, signal });
  if (!response.ok) throw new Error(await problem(response));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const whole = text.split('\n\n');
    text = whole.pop();
    const batch = [];
    for (const event of whole) {
      const parts = Object.fromEntries(event.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      if (parts.event) batch.push({ id: parts.id, type: parts.event, data: JSON.parse(parts.data) });
    }
    if (batch.length > 0) yield batch;
  }
}
