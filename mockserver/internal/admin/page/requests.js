import { admin, base } from './api.js';
import { button, copy, download, field, h, jsonView, notify, replace, statusClass, time } from './dom.js';

const pageSize = 100;
const kept = 20000;
let all = []; // newest first
let shown = pageSize;
let open; // the id of the request that is shown whole
let into;
let fresh = new Set();
const filter = { text: '', operation: '', status: '', violation: false };

// load reads what is there, and returns the event behind which the stream is to
// begin.
export async function load(signal) {
  const { requests, lastEventId } = await admin('/requests?summary=true', { signal });
  all = requests;
  return lastEventId;
}

export function clear() {
  all = [];
  open = undefined;
}

export function arrived(batch) {
  for (const { type, data } of batch) {
    if (type !== 'request') continue;
    const summary = {
      id: data.id, sequence: data.sequence, time: data.request.loggedDate, method: data.request.method, target: data.request.url,
      operation: data.operation, status: data.response.status, durationMicros: data.durationMicros, pending: data.pending,
      token: data.token, violation: data.violation && `${data.violation.field} ${data.violation.what}`, fault: data.fault, aborted: data.aborted,
    };
    const known = all.findIndex((r) => r.sequence <= summary.sequence);
    if (known >= 0 && all[known].sequence === summary.sequence) all[known] = summary;
    else {
      all.splice(known < 0 ? all.length : known, 0, summary);
      fresh.add(summary.id);
    }
  }
  all.length = Math.min(all.length, kept);
  schedule();
}

let scheduled = false;
function schedule() {
  if (scheduled || !into?.isConnected) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    if (into.isConnected) fill();
  });
}

const matches = (r) =>
  (filter.operation === '' || r.operation === filter.operation) &&
  (filter.status === '' || String(r.status).startsWith(filter.status)) &&
  (!filter.violation || r.violation) &&
  (filter.text === '' || `${r.method} ${r.target} ${r.operation ?? ''} ${r.violation ?? ''} ${r.fault ?? ''} ${r.token ?? ''}`.toLowerCase().includes(filter.text));

export async function show(main) {
  const update = () => { shown = pageSize; fill(); };
  const text = h('input', { type: 'search', id: 'filter', value: filter.text, placeholder: 'path, token, violation …', oninput: () => { filter.text = text.value.toLowerCase(); update(); } });
  const operation = h('select', { id: 'operation', onchange: () => { filter.operation = operation.value; update(); } });
  const status = h('input', { size: 4, inputmode: 'numeric', value: filter.status, id: 'status', oninput: () => { filter.status = status.value; update(); } });
  const violation = h('input', { type: 'checkbox', onchange: () => { filter.violation = violation.checked; update(); } });
  violation.checked = filter.violation;
  into = h('div');
  replace(main,
    h('h2', {}, 'Requests'),
    h('div', { class: 'filters' },
      field('Filter (/)', text, { class: 'grow' }), field('Operation', operation), field('Status', status), field('Refused alone', violation),
      button('Download HAR', () => download_()),
    ),
    h('div', { id: 'detail' }),
    into,
  );
  fill();
  if (open) await showDetail(open);
}

async function download_() {
  download(await admin('/requests/export?format=har'), 'requests.har', 'application/json');
}

// operations offers those of the requests that are there.
function operations() {
  const select = document.getElementById('operation');
  const names = ['', ...new Set(all.map((r) => r.operation ?? '').concat(filter.operation).filter(Boolean))].sort();
  if (select.options.length === names.length) return;
  replace(select, names.map((name) => h('option', { value: name }, name === '' ? 'all' : name)));
  select.value = filter.operation;
}

function fill() {
  operations();
  const matching = all.filter(matches);
  const focused = document.activeElement?.dataset?.id;
  const rows = matching.slice(0, shown).map((r) => {
    const row = h('tr', { 'aria-selected': r.id === open ? 'true' : 'false', class: fresh.has(r.id) ? 'new' : undefined },
      h('td', { class: 'short quiet' }, time(r.time)),
      h('td', { class: 'short' }, r.method),
      h('td', { class: 'path' }, button(r.target, () => toggle(r.id), { class: 'bare', 'data-id': r.id, 'aria-expanded': r.id === open ? 'true' : 'false' }),
        r.violation && h('div', { class: 'bad' }, r.violation), r.fault && h('div', { class: 'warn' }, `fault: ${r.fault}`)),
      h('td', { class: 'short wide-only' }, r.operation ?? ''),
      h('td', { class: `short ${r.pending ? 'warn' : statusClass(r.status)}` }, r.pending ? 'held' : r.status === 0 ? 'none' : String(r.status)),
      h('td', { class: 'short quiet wide-only' }, r.pending ? '' : `${(r.durationMicros / 1000).toFixed(1)} ms`),
      h('td', { class: 'short quiet wide-only' }, who(r)),
    );
    return row;
  });
  fresh = new Set();
  replace(into,
    h('p', { class: 'quiet', id: 'count' }, `${matching.length} of ${all.length} requests, newest first`),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Requests' }, h('table', {},
      h('thead', {}, h('tr', {}, ['Time', 'Method', 'Path'].map((t) => h('th', { scope: 'col' }, t)), h('th', { scope: 'col', class: 'wide-only' }, 'Operation'), h('th', { scope: 'col' }, 'Status'),
        ['Took', 'Who'].map((t) => h('th', { scope: 'col', class: 'wide-only' }, t)))),
      h('tbody', {}, rows))),
    matching.length > shown && button(`Show ${pageSize} older`, () => { shown += pageSize; fill(); }),
  );
  if (focused) into.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

const who = (r) => (r.token ? `${r.token.slice(0, 12)}${r.token.length > 12 ? '…' : ''}` : '');

async function toggle(id) {
  open = open === id ? undefined : id;
  fill();
  await showDetail(open);
}

export function escape() {
  if (!open) return document.activeElement?.blur();
  const id = open;
  open = undefined;
  replace(document.getElementById('detail'));
  fill();
  into.querySelector(`[data-id="${CSS.escape(id)}"]`)?.focus();
}

export function key(event) {
  if (event.key === '/') {
    event.preventDefault();
    document.getElementById('filter').focus();
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...into.querySelectorAll('[data-id]')];
  const at = rows.indexOf(document.activeElement);
  const next = rows[event.key === 'ArrowDown' ? at + 1 : Math.max(at - 1, 0)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

async function showDetail(id) {
  const detail = document.getElementById('detail');
  if (!id) return replace(detail);
  let r;
  try {
    r = await admin(`/requests/${id}`);
  } catch (error) {
    return notify(error.message);
  }
  const { request, response, violation } = r;
  // A violation names the parameter first: "webhook.name" is "name" in the body.
  const marked = violation ? violation.field.split('.').slice(1).join('.') : undefined;
  replace(detail, h('section', { class: 'detail', 'aria-label': 'The request' },
    h('h3', {}, `${request.method} ${request.url}`),
    violation && h('p', { class: 'bad' }, `refused: ${violation.field} ${violation.what}${violation.detail ? ` (${violation.detail})` : ''}`),
    r.hint && h('p', { class: 'warn' }, `hint: ${r.hint}`),
    h('div', { class: 'actions' },
      button('Copy as curl', () => copyCurl(id)),
      button('Copy as Go assertion', () => copy(goAssertion(r), 'Go assertion')),
      button('Copy as WireMock pattern', () => copy(JSON.stringify(wireMock(r), null, 2), 'Pattern')),
      button('Replay', () => replay(r)),
      button('Close (Esc)', escape),
    ),
    h('div', { class: 'sides' },
      h('section', { 'aria-label': 'Request' }, h('h3', {}, 'Request'), headers(request.headers), body(request.body, marked, 'Request body')),
      h('section', { 'aria-label': 'Response' }, h('h3', {}, r.pending ? 'Response: held open' : `Response ${response.status || '(nothing was sent)'}`), headers(response.headers ?? {}), body(response.body, undefined, 'Response body')),
    ),
  ));
}

const headers = (fields) => h('pre', { tabindex: '0', 'aria-label': 'Header fields' },
  Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`)).join('\n') || '(no header fields)');

const body = (text, marked, label) => (text ? jsonView(text, marked, label) : h('p', { class: 'quiet' }, 'No body'));

const ownHeaders = /^(host|content-length|connection|accept-encoding|user-agent)$/i;

async function copyCurl(id) {
  try {
    await copy(await admin(`/requests/${id}/curl`), 'curl command');
  } catch (error) {
    notify(error.message);
  }
}

function goAssertion(r) {
  const words = ['srv.Requests()'];
  words.push(r.operation ? `.Operation(${JSON.stringify(r.operation)})` : `.Method(${JSON.stringify(r.request.method)}).Path(${JSON.stringify(r.request.url.split('?')[0])})`);
  if (r.response.status) words.push(`.Status(${r.response.status})`);
  const fields = parsed(r.request.body);
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (value === null || typeof value !== 'object') words.push(`.Body(${JSON.stringify(name)}, ${value === null ? 'nil' : JSON.stringify(value)})`);
  }
  return `${words.join('')}.Once(t)`;
}

function wireMock(r) {
  const pattern = { method: r.request.method, url: r.request.url };
  const fields = parsed(r.request.body);
  if (fields) pattern.bodyPatterns = [{ equalToJson: fields }];
  return pattern;
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

// sentBody returns the body as it was sent; undefined for none.
const sentBody = (request) => (request.rawBodyAsBase64
  ? Uint8Array.from(atob(request.rawBodyAsBase64), (c) => c.charCodeAt(0))
  : request.body || undefined);

async function replay({ request }) {
  const sent = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (!ownHeaders.test(name) && !/^(sec-|origin$|referer$|cookie$)/i.test(name)) sent[name] = [value].flat().join(', ');
  }
  try {
    const response = await fetch(base() + request.url, { method: request.method, headers: sent, body: ['GET', 'HEAD'].includes(request.method) ? undefined : sentBody(request) });
    notify(`Replayed: ${response.status}`);
  } catch (error) {
    notify(`The replay failed: ${error.message}`);
  }
}
