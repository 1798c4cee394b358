// Where the requests come from that the page shows: a server that runs or reads a
// journal file, or the records of a report.

import { admin, base, keptToken, server } from './api.js';
import { elements, members } from './json.js';
import { recordsSource } from './records.js';
import { query } from './router.js';
import { store } from './store.js';
import { stream } from './stream.js';

const listeners = new Set();

// readRequest returns a request whose JSON is given, with the text of the payload of
// its trigger: as a value of JavaScript, its numbers would not be those that were sent.
export function readRequest(text) {
  const request = JSON.parse(text);
  if (request.trigger) request.trigger.payloadText = members(members(text).get('trigger')).get('payload');
  return request;
}

const { file } = globalThis.document?.documentElement.dataset ?? {};

// The source that the page shows. A source that is not live is a file: it has no other
// views, and nothing can be sent to it.
export const source = {
  live: file === undefined,
  file, // its name
  left: 0, // how many older requests are not in it
  failures: [], // of the test that has written it
  copies: true, // whether a server makes exports of the requests
  // list returns {requests, meta, evicted}: summaries of those that match.
  list: (params, signal) => admin(`/requests${query({ summary: 'true', ...params })}`, { signal }),
  // get returns one request whole.
  get: async (id, signal) => readRequest(await admin(`/requests/${encodeURIComponent(id)}`, { signal, raw: true })),
  // triggers returns {triggers, meta, evicted}, newest first, each with the text of its
  // payload, unless they are summaries.
  async triggers(params, signal) {
    const text = await admin(`/triggers${query(params)}`, { signal, raw: true });
    const list = JSON.parse(text);
    if (!params.summary) elements(members(text).get('triggers')).forEach((one, i) => { list.triggers[i].payloadText = members(one).get('payload'); });
    return list;
  },
  operations: async (signal) => (await admin('/definition', { signal })).names ?? [],
  // events tells of what happens, as {type, data}, until the signal ends. Event
  // "refresh" says that anything may have changed.
  events(tell, signal) {
    listeners.add(tell);
    signal.addEventListener('abort', () => listeners.delete(tell));
  },
};

// happened reports whether an event is of one of some types.
export const happened = (events, ...types) => events.some(({ type }) => types.includes(type));

// A report has its records in itself, in place of a server.
const records = globalThis.document?.getElementById('records');
if (records) Object.assign(source, recordsSource(JSON.parse(records.textContent)), { copies: false });

const scripts = globalThis.trustedTypes?.createPolicy('losantmock', { createScriptURL: (url) => url }) ?? { createScriptURL: (url) => url };

let port; // to the worker; undefined without one
let stop; // ends the stream of this page itself

let untold = []; // events
let resting = false; // after what the last ones have taken

function received({ url, events, state, reason }) {
  if (url !== location.origin + base()) return; // of the world that was shown before
  if (state) {
    store.set({ connection: { state, reason } });
    if (state === 'live') events = [{ type: 'refresh', data: {} }];
    if (state === 'refused') askAgain();
  }
  if (events) untold.push(...events);
  if (!resting) tellAll();
}

function tellAll() {
  if (untold.length === 0) return;
  const events = untold;
  untold = [];
  resting = true;
  const began = performance.now();
  for (const tell of [...listeners]) tell(events);
  setTimeout(() => setTimeout(() => {
    resting = false;
    tellAll();
  }, performance.now() - began));
}

async function askAgain() {
  try {
    await admin('/sandboxes', { server: true });
    follow();
  } catch (error) {
    store.set({ connection: { state: 'refused', reason: error.message } });
  }
}

export function follow() {
  const wanted = { url: location.origin + base(), token: keptToken() };
  untold = []; // of the world before
  store.set({ connection: { state: 'connecting' } });
  if (port) return port.postMessage(wanted);
  stop?.abort();
  stop = new AbortController();
  const { signal } = stop;
  stream({ ...wanted, signal, tell: (message) => { if (!signal.aborted) received({ url: wanted.url, ...message }); } });
}

// start looks for the worker that all tabs share. Where a browser has none, the
// page reads the stream itself.
export function start() {
  if (globalThis.SharedWorker) {
    try {
      const worker = new SharedWorker(scripts.createScriptURL(`${server}/__admin/page/worker.js`), { type: 'module', name: 'losantmock' });
      port = worker.port;
      port.onmessage = ({ data }) => received(data);
      worker.onerror = () => {
        port = undefined;
        follow();
      };
      addEventListener('pagehide', () => port?.postMessage({}));
      addEventListener('pageshow', ({ persisted }) => { if (persisted) follow(); });
    } catch {
      port = undefined;
    }
  }
  follow();
}
