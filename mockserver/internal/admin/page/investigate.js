// The requests, and why each got its response: list and detail side by side.

import { admin, baseURL } from './api.js';
import { asking, attempt, button, copy, download, h, micros, notify, replace, setText, statusClass, time, when } from './dom.js';
import { detail } from './detail.js';
import { asked, filterControls, narrowing, none } from './filters.js';
import { rowList } from './list.js';
import { change, go, query } from './router.js';
import { followed } from './rows.js';
import { source } from './source.js';
import { marked } from './text.js';

export const title = 'Investigate';

export function mount(stage, signal, start) {
  let { params } = start;
  let operations = [];

  // Filters

  const set = (members) => go(change(members), { replace: true });
  const exported = (format) => attempt(async () => {
    download(await admin(`/requests/export${query({ format, ...narrowing(params) })}`, { signal, raw: true }), `requests.${format}`, 'application/json');
  });
  const clear = asking('Empty the journal?', 'All requests and triggers of this world are removed. What was created stays.', 'Empty it', async () => {
    await admin('/requests', { method: 'DELETE' });
    go(change({ id: '' }));
    rows.load();
  });
  const wrong = h('p.error', { role: 'alert' });
  const filters = filterControls({
    start: params, set, wrong, signal,
    actions: source.copies && h('div.actions', button('Download HAR', exported('har')), button('Download JSONL', exported('jsonl')), source.live && button('Empty the journal…', clear)),
  });
  const { q } = filters;

  // The list

  const list = h('ul.rows', { id: 'rows', 'aria-label': 'Requests' });
  const address = (id) => change({ id });
  const keyed = rowList(list, {
    key: ({ id }) => id,
    create: ({ id }) => h('li', h('a.row', { tabindex: '-1', 'data-id': id, href: address(id) },
      h('span.status'), h('span.method'), h('bdi.target'), h('bdi.why'), h('span.took'), h('span.time'))),
    update: fillRow,
  });
  const rows = followed({
    list, keyed, signal, type: 'request', read: source.list, nothing,
    asked: () => asked(params), failed: (text) => setText(wrong, text),
  });

  function nothing() {
    if (Object.keys(narrowing(params)).length > 0) return [h('p', 'No request matches.'), button('Clear the filters', () => { set(none); q.focus(); })];
    if (!source.live) return [h('p', 'The file has no requests.')];
    const line = `curl -H 'Authorization: Bearer any' ${baseURL()}/applications`;
    return [h('p', 'No request has arrived yet. This is the base URL for your client:'), h('p', h('code', baseURL()), ' ', button('Copy', () => copy(baseURL(), 'URL'), { 'aria-label': 'Copy base URL' })),
      h('p', 'Or try it:'), h('p', h('code', line), ' ', button('Copy', () => copy(line, 'curl command'), { 'aria-label': 'Copy curl command' }))];
  }

  // The detail

  const pane = h('section.pane', { 'aria-label': 'The request' });
  const back = () => {
    const { id } = params;
    go(change({ id: '' }));
    (keyed.element(id)?.firstChild ?? q).focus();
  };
  const step = attempt(async (by) => {
    const beside = () => rows.rows()[rows.rows().findIndex(({ id }) => id === params.id) + by];
    if (by > 0 && !beside() && rows.left() > 0) await rows.more();
    const next = beside();
    if (next) go(change({ id: next.id }), { replace: true });
    else notify(`This is the ${by < 0 ? 'first' : 'last'} of the list`);
  });
  const opened = detail(pane, { signal, back, step });
  source.events(opened.happened, signal);

  list.addEventListener('click', (event) => {
    const row = event.target.closest('a');
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (event.detail === 0) opened.focus(); // by the keyboard
    go(row.getAttribute('href'));
  });
  addEventListener('keydown', (event) => {
    const writing = event.target.closest?.('input, textarea, select, dialog');
    if (event.key === '/' && !writing) {
      event.preventDefault();
      q.focus();
      q.select();
    }
    if (event.key === 'Escape' && params.id && !writing) back();
  }, { signal });
  q.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' || keyed.links().length === 0) return;
    event.preventDefault();
    keyed.enter();
  });

  replace(stage,
    h('h2.away', title),
    h('section.listing', { 'aria-label': 'List' }, filters.element, rows.bar, rows.scroller),
    pane);

  function routed(now) {
    const before = JSON.stringify(asked(params));
    ({ params } = now);
    filters.show(params, operations);
    stage.classList.toggle('opened', Boolean(params.id));
    for (const a of keyed.links()) a.setAttribute('href', address(a.dataset.id));
    keyed.pick(params.id);
    opened.show(params.id);
    if (JSON.stringify(asked(params)) === before) return;
    rows.forget();
    rows.load();
  }

  routed(start);
  attempt(async () => {
    operations = await source.operations(signal);
    filters.show(params, operations);
  })();
  return routed;
}

function fillRow(element, r) {
  const [status, method, target, why, took, at] = element.firstChild.children;
  setText(status, r.pending ? 'held' : r.status === 0 ? 'none' : String(r.status));
  status.className = `status ${r.pending ? 'quiet' : statusClass(r.status)}`;
  replace(method, marked(r.method));
  // The end of a long target says most: it is cut in front of it.
  const last = Math.max(0, r.target.length - 26);
  const cut = last && last + Math.max(0, r.target.slice(last).search(/[/?&]/));
  replace(target, h('span', marked(r.target.slice(0, cut))), h('span', marked(r.target.slice(cut))));
  setText(took, r.pending ? '' : micros(r.durationMicros));
  setText(at, time(r.time));
  at.title = when(r.time);
  const reason = r.violation ?? (r.fault ? `fault ${r.fault}` : undefined) ?? (r.aborted ? 'the client left' : undefined) ?? r.hint;
  why.className = `why ${r.violation || r.aborted ? 'bad' : reason ? 'warn' : 'quiet'}`;
  replace(why, marked(reason ?? r.operation ?? 'no operation'));
}
