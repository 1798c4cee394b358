import { admin, baseURL, losant } from './api.js';
import { button, copy, download, field, h, notify, replace, statusClass } from './dom.js';

let main;

export async function show(into) {
  main = into;
  const { applications, webhooks, meta } = await admin('/webhooks');
  const form = h('div', { id: 'form' });
  replace(main,
    h('h2', {}, 'World'),
    h('div', { class: 'actions' }, button('Download as a scenario', async () => download(await admin('/scenario'), 'scenario.yaml', 'application/yaml'))),
    form,
    applications.length === 0 && h('p', { class: 'quiet' }, 'There is no application.'),
    ...applications.map((a) => application(a, webhooks.filter((w) => w.applicationId === a.id), form)),
    meta.total > webhooks.length && h('p', { class: 'quiet' }, `${meta.total - webhooks.length} more webhooks are not shown.`),
  );
}

const path = (w) => `/applications/${w.applicationId}/webhooks/${w.id}`;
const url = (w) => `${baseURL()}/webhooks/${encodeURIComponent(w.token)}`;

function attempt(task) {
  return async () => {
    try {
      await task();
      await show(main);
    } catch (error) {
      notify(error.message);
    }
  };
}

function application(a, webhooks, form) {
  return h('section', { 'aria-label': `Application ${a.name}` },
    h('h3', {}, `${a.name} `, h('code', { class: 'quiet' }, a.id)),
    h('div', { class: 'actions' }, button('Create a webhook', () => edit(form, a, undefined))),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `Webhooks of ${a.name}` }, h('table', {},
      h('thead', {}, h('tr', {}, ['Name', 'Working URL', 'Kind', 'Do'].map((t) => h('th', { scope: 'col' }, t)))),
      h('tbody', {}, webhooks.map((w) => h('tr', {},
        h('td', {}, w.name, !w.enabled && h('span', { class: 'warn' }, ' (disabled)')),
        h('td', { class: 'path' }, h('code', {}, url(w)), ' ', button('Copy', () => copy(url(w), 'URL'), { 'aria-label': `Copy the URL of ${w.name}` })),
        h('td', { class: 'quiet' }, [w.isWebsocket ? 'WebSocket' : 'HTTP', w.waitForReply && 'waits', w.verificationType !== 'none' && w.verificationType].filter(Boolean).join(', ')),
        h('td', { class: 'short' }, h('div', { class: 'actions' },
          !w.isWebsocket && button('Call', () => callForm(form, w), { 'aria-label': `Send a test call to ${w.name}` }),
          button('Edit', () => edit(form, a, w), { 'aria-label': `Edit ${w.name}` }),
          button('Delete', attempt(() => losant('DELETE', path(w))), { 'aria-label': `Delete ${w.name}` }))),
      ))))),
  );
}

// edit creates a webhook, or changes one, through the API that clients use.
function edit(into, a, w) {
  const name = h('input', { id: 'name', value: w?.name ?? '' });
  const code = h('input', { inputmode: 'numeric', size: 5, value: '' , placeholder: '200' });
  const kind = h('select', {}, ['none', 'facebook', 'fitbit', 'twilio', 'alexa'].map((v) => h('option', { value: v }, v)));
  kind.value = w?.verificationType ?? 'none';
  const check = (value) => { const box = h('input', { type: 'checkbox' }); box.checked = value; return box; };
  const waits = check(w?.waitForReply ?? false);
  const enabled = check(w?.enabled ?? true);
  const socket = check(false);
  const send = attempt(() => {
    const fields = { name: name.value, verificationType: kind.value, waitForReply: waits.checked, enabled: enabled.checked };
    if (code.value !== '') fields.responseCode = Number(code.value);
    if (w) return losant('PATCH', path(w), fields);
    return losant('POST', `/applications/${a.id}/webhooks`, { ...fields, isWebsocket: socket.checked });
  });
  replace(into, h('form', { class: 'detail', 'aria-label': w ? `Edit ${w.name}` : 'Create a webhook', onsubmit: (event) => { event.preventDefault(); send(); } },
    field('Name', name), field('Response code', code), field('Verification', kind),
    field('Waits for a reply', waits, { class: 'line' }), field('Enabled', enabled, { class: 'line' }), !w && field('WebSocket', socket, { class: 'line' }),
    h('button', { class: 'main' }, w ? 'Change' : 'Create'), button('Cancel', () => replace(into))));
  name.focus();
}

// callForm sends a test call, as the form in Losant's own edit page does.
function callForm(into, w) {
  const method = h('select', {}, ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((v) => h('option', { value: v }, v)));
  method.value = 'POST';
  const rest = h('input', { value: '/', id: 'callpath' });
  const query = h('input', { placeholder: 'a=1&b=2' });
  const type = h('input', { value: 'application/json' });
  const data = h('textarea', { value: '{}' });
  const result = h('p', { role: 'status', id: 'answer' });
  const send = async () => {
    const headers = {};
    if (w.basicAuthUsername || w.basicAuthPassword) headers.Authorization = `Basic ${btoa(`${w.basicAuthUsername}:${w.basicAuthPassword}`)}`;
    const hasBody = method.value !== 'GET' && data.value !== '';
    if (hasBody) headers['Content-Type'] = type.value;
    result.textContent = 'waiting for the response …';
    try {
      const response = await fetch(url(w) + (rest.value === '/' ? '' : rest.value) + (query.value && `?${query.value}`), { method: method.value, headers, body: hasBody ? data.value : undefined });
      result.className = statusClass(response.status);
      result.textContent = `${response.status} ${await response.text()}`;
    } catch (error) {
      result.textContent = error.message;
    }
  };
  replace(into, h('form', { class: 'detail', 'aria-label': `Call ${w.name}`, onsubmit: (event) => { event.preventDefault(); send(); } },
    field('Method', method), field('Path', rest), field('Query', query), field('Content type', type), field('Body', data, { class: 'wide' }),
    h('button', { class: 'main' }, 'Send'), button('Cancel', () => replace(into)), result));
  rest.focus();
}
