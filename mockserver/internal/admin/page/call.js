// A call of a webhook's own URL, over HTTP or as a WebSocket.

import { admin, socketURL } from './api.js';
import { toBase64, textBytes } from './bytes.js';
import { responseParts, spoken } from './detail.js';
import { attempt, button, h, micros, number, replace, statusClass } from './dom.js';
import { form } from './form.js';
import { headerValues, targetOf, wrong } from './input.js';
import { to } from './router.js';
import { happened, source } from './source.js';
import { outside, plain } from './text.js';

export function callForm(hook, close, signal) {
  const made = hook.isWebsocket ? socketForm(hook, close, signal) : httpForm(hook, close, signal);
  return { element: h('div', h('h3', 'Call ', outside(hook.name)), made.element), focus: made.focus };
}

// ended returns a request as soon as it has its response.
const ended = (id, signal) => new Promise((resolve, reject) => {
  const look = async () => {
    const request = await source.get(id, signal);
    if (!request.pending) resolve(request);
  };
  source.events((events) => {
    if (happened(events, 'refresh') || events.some(({ type, data }) => data.id === id || (type === 'removed' && data.ids.includes(id)))) look().catch(reject);
  }, signal);
  signal.addEventListener('abort', () => reject(signal.reason));
  look().catch(reject);
});

// The server sends the request: calls that wait for a reply would take the few
// connections that a browser has to it.
function httpForm(hook, close, signal) {
  const result = h('div', { role: 'status', id: 'result' });
  const basic = hook.basicAuthUsername || hook.basicAuthPassword;
  const made = form({
    label: `Call ${plain(hook.name)}`, action: 'Send', cancel: close, draft: `call ${hook.id}`,
    fields: [
      { name: 'method', kind: 'select', options: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], value: 'POST' },
      { name: 'path', label: 'Path behind the URL', value: '/' },
      { name: 'query', placeholder: 'a=1&b=2' },
      { name: 'headers', label: 'Header fields', kind: 'area', rows: 3, value: `Content-Type: application/json${basic ? `\nAuthorization: ${basicAuth(hook)}` : ''}` },
      { name: 'body', kind: 'area', value: '{}' },
      { name: 'file', label: 'or a file as the body', kind: 'file' },
    ],
    submit: async ({ method, path, query, headers, body, file }, cancelled) => {
      const bytes = file ? new Uint8Array(await file.arrayBuffer()) : method === 'GET' && body === '{}' ? [] : textBytes(body);
      const order = { method, url: targetOf(own(hook), path, query), headers: headerValues('headers', headers), bodyAsBase64: toBase64(bytes) };
      const { id } = await admin('/requests', { method: 'POST', body: order, signal }).catch((error) => { replace(result); throw error; });
      const link = h('a', { href: to('requests', { id }) }, 'The request');
      const say = (kind, ...texts) => replace(result, h('p', { class: kind }, texts, ' ', link));
      say('quiet', 'Waiting for the response …');
      try {
        const request = await ended(id, AbortSignal.any([signal, cancelled]));
        const { response: { status } } = request;
        say(statusClass(status), status ? [h('strong', String(status)), ` after ${micros(request.durationMicros)}.`] : 'Nothing was sent in response.');
        result.append(...responseParts(request));
      } catch (error) {
        if (!cancelled.aborted) throw error;
        await admin(`/requests/${id}/cancel`, { method: 'POST' });
        say('warn', 'The call was cancelled.');
        throw error;
      }
    },
  });
  made.element.append(result);
  return made;
}

const own = (hook) => `${location.origin}/webhooks/${encodeURIComponent(hook.token)}`;
const basicAuth = (hook) => `Basic ${toBase64(textBytes(`${hook.basicAuthUsername}:${hook.basicAuthPassword}`))}`;

function socketForm(hook, close, signal) {
  let socket;
  const log = h('ol.talk', { 'aria-label': 'Messages' });
  const state = h('p', { role: 'status', id: 'result' }, 'Not connected.');
  const say = (kind, text) => log.append(spoken(kind, Date.now(), text));
  const end = () => socket?.close();
  signal.addEventListener('abort', end);
  const connect = (path) => new Promise((resolve, reject) => {
    socket = new WebSocket(socketURL(targetOf(own(hook), path, '')));
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => { state.textContent = 'Connected.'; resolve(); };
    socket.onmessage = ({ data }) => say('received', typeof data === 'string' ? data : `${number(data.byteLength)} bytes`);
    socket.onclose = ({ code, reason }) => {
      state.textContent = 'Not connected.';
      say('closed', `${code} ${reason}`);
      socket = undefined;
      reject(wrong('path', 'The connection was refused or closed: the request in the journal says why'));
    };
  });
  const made = form({
    label: `Call ${plain(hook.name)}`, action: 'Send', cancel: () => { end(); close(); }, draft: `call ${hook.id}`,
    fields: [
      { name: 'path', label: 'Path behind the URL', value: '/', hint: hook.basicAuthUsername ? 'A browser sends no user and password with a WebSocket: this webhook will refuse it.' : undefined },
      { name: 'message', kind: 'area', rows: 2, value: '{}' },
    ],
    submit: async ({ path, message }) => {
      if (!socket) await connect(path);
      socket.send(message);
      say('sent', message);
    },
  });
  made.element.append(h('div.actions', button('Close the connection', attempt(end))), state, log);
  return made;
}
