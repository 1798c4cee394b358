// A call of a webhook's own URL, over HTTP or as a WebSocket.

import { socketURL } from './api.js';
import { attempt, button, h, micros, number, replace, statusClass, time } from './dom.js';
import { bodyView } from './body.js';
import { form, headerFields } from './form.js';
import { marked, outside, plain } from './text.js';

// callForm returns the form for calls of a webhook. It ends with the signal.
export function callForm(hook, url, close, signal) {
  const made = hook.isWebsocket ? socketForm(hook, close, signal) : httpForm(hook, url, close, signal);
  return { element: h('div', {}, h('h3', {}, 'Call ', outside(hook.name)), made.element), focus: made.focus };
}

function httpForm(hook, url, close, signal) {
  const result = h('div', { role: 'status', id: 'result' });
  const basic = hook.basicAuthUsername || hook.basicAuthPassword;
  const made = form({
    label: `Call ${plain(hook.name)}`, action: 'Send', cancel: close, draft: `call ${hook.id}`,
    fields: [
      { name: 'method', label: 'Method', kind: 'select', options: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], value: 'POST' },
      { name: 'path', label: 'Path behind the URL', value: '/' },
      { name: 'query', label: 'Query', placeholder: 'a=1&b=2' },
      { name: 'headers', label: 'Header fields', kind: 'area', rows: 3, value: `Content-Type: application/json${basic ? `\nAuthorization: ${basicAuth(hook)}` : ''}` },
      { name: 'body', label: 'Body', kind: 'area', value: '{}' },
      { name: 'file', label: 'or a file as the body', kind: 'file' },
    ],
    submit: async (values, cancelled) => {
      const headers = headerFields('headers', values.headers);
      const body = values.method === 'GET' ? undefined : values.file ?? (values.body || undefined);
      replace(result, h('p', { class: 'quiet' }, 'Waiting for the response …'));
      const began = performance.now();
      try {
        const response = await fetch(url + (values.path === '/' ? '' : values.path) + (values.query && `?${values.query}`), { method: values.method, headers, body, cache: 'no-store', signal: AbortSignal.any([signal, cancelled]) });
        const bytes = new Uint8Array(await response.arrayBuffer());
        replace(result,
          h('p', { class: statusClass(response.status) }, h('strong', {}, String(response.status)), ` after ${micros(Math.round(1000 * (performance.now() - began)))}`),
          h('dl', { class: 'headers' }, [...response.headers].map(([name, value]) => h('div', {}, h('dt', {}, outside(name)), h('dd', {}, outside(value))))),
          bodyView({ bytes, name: `call ${hook.id}`, label: 'response body' }));
      } catch (error) {
        replace(result, h('p', { class: 'warn' }, error.name === 'AbortError' ? 'The call was cancelled.' : error.message));
        throw error;
      }
    },
  });
  made.element.append(result);
  return made;
}

const basicAuth = (hook) => `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${hook.basicAuthUsername}:${hook.basicAuthPassword}`)))}`;

function socketForm(hook, close, signal) {
  let socket;
  const log = h('ol', { class: 'talk', 'aria-label': 'Messages' });
  const state = h('p', { role: 'status', id: 'result' }, 'Not connected.');
  const say = (kind, text) => log.append(h('li', { class: kind }, h('span', { class: 'quiet' }, time(Date.now())), ' ', h('strong', {}, kind), ' ', h('bdi', {}, marked(text))));
  const end = () => socket?.close();
  signal.addEventListener('abort', end);
  const connect = (path) => new Promise((resolve, reject) => {
    socket = new WebSocket(socketURL(`/webhooks/${encodeURIComponent(hook.token)}${path === '/' ? '' : path}`));
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => { state.textContent = 'Connected.'; resolve(); };
    socket.onmessage = ({ data }) => say('received', typeof data === 'string' ? data : `${number(data.byteLength)} bytes`);
    socket.onclose = ({ code, reason }) => {
      state.textContent = 'Not connected.';
      say('closed', `${code} ${reason}`);
      socket = undefined;
      reject(Object.assign(new Error('The connection was refused or closed: the request in the journal says why'), { field: 'path' }));
    };
  });
  const made = form({
    label: `Call ${plain(hook.name)}`, action: 'Send', cancel: () => { end(); close(); }, draft: `call ${hook.id}`,
    fields: [
      { name: 'path', label: 'Path behind the URL', value: '/', hint: hook.basicAuthUsername ? 'A browser sends no user and password with a WebSocket: this webhook will refuse it.' : undefined },
      { name: 'message', label: 'Message', kind: 'area', rows: 2, value: '{}' },
    ],
    submit: async ({ path, message }) => {
      if (!socket) await connect(path);
      socket.send(message);
      say('sent', message);
    },
  });
  made.element.append(h('div', { class: 'actions' }, button('Close the connection', attempt(end))), state, log);
  return made;
}
