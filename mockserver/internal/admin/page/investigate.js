// The requests, and why each got its response: list and detail side by side.

import { admin, baseURL, query } from './api.js';
import { ask, attempt, button, copy, download, h, micros, notify, number, plural, replace, setText, statusClass, time, when } from './dom.js';
import { detail } from './detail.js';
import { keyedList } from './list.js';
import { change, go, route as present } from './router.js';
import { source } from './source.js';
import { marked, plain } from './text.js';

export const title = 'Investigate';

const pageSize = 100;
const filters = ['errors', 'status', 'q', 'operation', 'method', 'unmatched', 'sort', 'direction'];
const chips = [['Errors', 'errors', 'true'], ['4xx', 'status', '4xx'], ['5xx', 'status', '5xx'], ['No operation', 'unmatched', 'true']];
const orders = [['Newest first', '', ''], ['Oldest first', '', 'asc'], ['Slowest first', 'duration', ''], ['By status', 'status', ''], ['By operation', 'operation', 'asc'], ['By target', 'target', 'asc']];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

// How long the list keeps still after the pointer has moved: who aims at a row
// finds it where it was.
const aiming = 1500;

export function mount(stage, signal, start) {
  let params = start.params;
  let rows = [];
  let meta = { total: 0, matched: 0, newer: 0, newest: 0 };
  let upTo; // the newest request that the list shows or has looked at
  const calls = {}; // what ends the last call for the `rows`, for `more` of them, and for their `number`
  let moved = -Infinity;
  let inside = false; // whether the pointer is over the list
  let paused = false;
  const removed = new Set();
  const asked = () => Object.fromEntries(filters.filter((name) => params[name]).map((name) => [name, params[name]]));
  const filtered = () => filters.some((name) => params[name] && name !== 'sort' && name !== 'direction');

  // Filters

  const set = (members) => go(change(members), { replace: true });
  const statuses = () => (params.status ?? '').split(',').filter(Boolean);
  const isOn = (name, value) => (name === 'status' ? statuses().includes(value) : params[name] === value);
  const toggle = (name, value) => {
    if (name !== 'status') return set({ [name]: isOn(name, value) ? '' : value });
    set({ status: (isOn(name, value) ? statuses().filter((one) => one !== value) : [...statuses(), value]).join(',') });
  };
  const chipButtons = chips.map(([text, name, value]) => [button(text, () => toggle(name, value)), name, value]);
  let typing;
  const typed = () => {
    clearTimeout(typing);
    typing = setTimeout(() => set({ q: q.value.trim(), status: status.value.trim() }), 40);
  };
  const q = h('input', { type: 'search', id: 'q', placeholder: 'in targets, headers, bodies, reasons', 'aria-keyshortcuts': '/' });
  const status = h('input', { id: 'status', size: 8, placeholder: '404, 5xx' });
  const operation = h('select', { id: 'operation', onchange: () => set({ operation: operation.value }) });
  const method = h('select', { id: 'method', onchange: () => set({ method: method.value }) });
  const order = h('select', { id: 'order', onchange: () => { const [, sort, direction] = orders[order.value]; set({ sort, direction }); } }, orders.map(([text], i) => h('option', { value: String(i) }, text)));
  q.addEventListener('input', typed);
  status.addEventListener('input', typed);
  const wrong = h('p', { class: 'error', role: 'alert' });

  let operations = [];
  function options() {
    const choose = (select, texts, value, all) => {
      const wanted = ['', ...new Set([...texts, value].filter(Boolean))];
      if (wanted.length !== select.options.length || wanted.some((text, i) => select.options[i].value !== text)) replace(select, wanted.map((text) => h('option', { value: text }, text === '' ? all : plain(text))));
      if (document.activeElement !== select) select.value = value;
    };
    choose(operation, operations, params.operation ?? '', 'any operation');
    choose(method, methods, params.method ?? '', 'any method');
    const at = orders.findIndex(([, sort, direction]) => sort === (params.sort ?? '') && direction === (params.direction ?? ''));
    order.value = String(Math.max(at, 0));
    for (const [control, name] of [[q, 'q'], [status, 'status']]) if (document.activeElement !== control) control.value = params[name] ?? '';
    for (const [chip, name, value] of chipButtons) chip.setAttribute('aria-pressed', String(isOn(name, value)));
  }

  // The list

  const list = h('ul', { class: 'rows', id: 'rows', 'aria-label': 'Requests' });
  const count = h('span', { id: 'count', role: 'status' });
  const fresh = button('', () => load(), { id: 'fresh', class: 'main', hidden: true });
  const pause = button('Pause', () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
    refresh();
  }, { id: 'pause', 'aria-pressed': 'false' });
  const older = button('', attempt(loadOlder), { id: 'older', hidden: true });
  const empty = h('div', { class: 'empty' });
  const scroller = h('div', { class: 'scroller' }, list, empty, older);

  const address = (id) => change({ id });
  const keyed = keyedList(list, {
    key: ({ id }) => id,
    create: ({ id }) => h('li', {}, h('a', { class: 'row', tabindex: '-1', 'data-id': id, href: address(id) },
      h('span', { class: 'status' }), h('span', { class: 'method' }), h('bdi', { class: 'target' }), h('bdi', { class: 'why' }), h('span', { class: 'took' }), h('span', { class: 'time' }))),
    update: fillRow,
  });

  function fillRow(element, r) {
    const [status, method, target, why, took, at] = element.firstChild.children;
    setText(status, r.pending ? 'held' : r.status === 0 ? 'none' : String(r.status));
    status.className = `status ${r.pending ? 'quiet' : statusClass(r.status)}`;
    replace(method, marked(r.method));
    // The end of a long target says most: it is cut in the middle.
    const cut = Math.max(0, r.target.length - 26);
    replace(target, h('span', {}, marked(r.target.slice(0, cut))), h('span', {}, marked(r.target.slice(cut))));
    setText(took, r.pending ? '' : micros(r.durationMicros));
    setText(at, time(r.time));
    at.title = when(r.time);
    const reason = r.violation ?? (r.fault ? `fault ${r.fault}` : undefined) ?? (r.aborted ? 'the client left' : undefined) ?? r.hint;
    why.className = `why ${r.violation || r.aborted ? 'bad' : reason ? 'warn' : 'quiet'}`;
    replace(why, marked(reason ?? r.operation ?? 'no operation'));
  }

  const links = () => [...list.querySelectorAll('a')];
  function mark() {
    const all = links();
    const current = all.find((a) => a.dataset.id === params.id) ?? all.find((a) => a === document.activeElement) ?? all.find((a) => a.tabIndex === 0) ?? all[0];
    for (const a of all) {
      a.tabIndex = a === current ? 0 : -1;
      if (a.dataset.id === params.id) a.setAttribute('aria-current', 'true');
      else a.removeAttribute('aria-current');
    }
  }

  function fill() {
    keyed.show(rows);
    mark();
    counts();
    const missing = rows.length === 0;
    empty.hidden = !missing;
    list.hidden = missing;
    if (missing) replace(empty, nothing());
    const left = meta.matched - rows.length;
    older.hidden = left <= 0;
    setText(older, `Show ${Math.min(left, pageSize)} more of ${number(left)}`);
  }

  function counts() {
    const kept = `${plural(meta.total, 'request')}${meta.evicted > 0 ? ', older ones were evicted' : ''}`;
    setText(count, filtered() ? `${number(meta.matched)} of ${kept}` : kept);
    fresh.hidden = !(meta.newer > 0);
    setText(fresh, `${number(meta.newer ?? 0)} new`);
  }

  function nothing() {
    if (!loaded) return h('p', { class: 'quiet' }, 'Loading …');
    if (filtered()) return [h('p', {}, 'No request matches.'), button('Clear the filters', () => set(Object.fromEntries(filters.map((name) => [name, ''])))) ];
    if (!source.live) return h('p', {}, 'The file has no requests.');
    const line = `curl -H 'Authorization: Bearer any' ${baseURL()}/applications`;
    return [h('p', {}, 'No request has arrived yet. This is the base URL for your client:'), h('p', {}, h('code', {}, baseURL()), ' ', button('Copy', () => copy(baseURL(), 'URL'), { 'aria-label': 'Copy base URL' })),
      h('p', {}, 'Or try it:'), h('p', {}, h('code', {}, line), ' ', button('Copy', () => copy(line, 'curl command'), { 'aria-label': 'Copy curl command' }))];
  }

  // Loading: the server filters, counts and sorts.

  let loaded = false; // whether the rows are those of the filter
  let adding = false;
  async function call(purpose, more) {
    calls[purpose]?.abort();
    const mine = new AbortController();
    calls[purpose] = mine;
    const answer = await source.list({ ...asked(), ...more }, AbortSignal.any([signal, mine.signal]));
    mine.signal.throwIfAborted();
    wrong.textContent = '';
    meta = { ...answer.meta, evicted: answer.evicted };
    return answer.requests;
  }

  // endCalls ends the calls that are about other rows than those that come.
  const endCalls = () => { for (const one of Object.values(calls)) one.abort(); };

  async function load() {
    try {
      rows = await call('rows', { limit: Math.max(pageSize, Math.min(rows.length, 500)) });
    } catch (error) {
      if (error.name !== 'AbortError') wrong.textContent = error.message;
      return;
    }
    endCalls();
    loaded = true;
    upTo = meta.newest;
    removed.clear();
    fill();
  }

  async function loadOlder() {
    if (!loaded) return;
    calls.rows?.abort(); // it would take the place of what is added to
    adding = true;
    try {
      const more = await call('more', { limit: pageSize, offset: rows.length, upTo });
      rows = [...rows, ...more];
      fill();
    } finally {
      adding = false;
    }
  }

  // still reports whether the rows keep their places now. An empty list has none.
  const still = () => rows.length > 0 && (adding || paused || inside || scroller.scrollTop > 0 || list.contains(document.activeElement) || performance.now() - moved < aiming || !matchMedia('(hover: hover)').matches);

  let waiting;
  let busy = false;
  let again = false;
  // refresh follows the journal: with the rows, or with their number alone while they
  // keep still. One look at a time, and after a slow one a longer rest.
  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    const began = performance.now();
    if (!loaded || !still()) await load();
    else {
      try {
        await call('number', { limit: 0, upTo });
        counts();
      } catch (error) {
        if (error.name !== 'AbortError' && error.status) wrong.textContent = error.message;
      }
    }
    const rest = Math.max(100, 2 * (performance.now() - began));
    setTimeout(() => {
      busy = false;
      if (signal.aborted) return;
      if (again) refresh();
      else if (meta.newer > 0 && !paused) {
        clearTimeout(waiting);
        waiting = setTimeout(() => { if (!still()) refresh(); }, aiming);
      }
    }, rest);
  }

  source.events((events) => {
    for (const { type, data } of events) {
      if (type === 'request') keyed.change({ ...data });
      // Without a filter the newest is on top: it need not be asked for.
      if (type === 'request' && loaded && data.sequence > upTo && Object.keys(asked()).length === 0 && !still()) {
        rows = [data, ...rows].slice(0, Math.max(pageSize, rows.length));
        upTo = data.sequence;
        meta = { ...meta, total: meta.total + 1, matched: meta.matched + 1 };
        fill();
      }
      if (type === 'reset') {
        rows = [];
        loaded = false;
      }
      if (type === 'removed') {
        for (const id of data.ids ?? []) {
          removed.add(id);
          keyed.element(id)?.classList.add('removed');
        }
      }
    }
    if (events.some(({ type }) => ['request', 'removed', 'reset', 'refresh', 'incomplete'].includes(type))) refresh();
    if (events.some(({ type }) => type === 'refresh')) load();
    opened.happened(events);
  }, signal);

  // The detail

  const pane = h('section', { class: 'pane', 'aria-label': 'The request' });
  const back = () => {
    const id = params.id;
    go(change({ id: '' }));
    (keyed.element(id)?.firstChild ?? q).focus();
  };
  const step = (by) => {
    const at = rows.findIndex(({ id }) => id === params.id);
    const next = rows[at + by];
    if (next) go(change({ id: next.id }), { replace: true });
    else notify(by < 0 ? 'This is the first of the list' : 'This is the last of the list');
  };
  const opened = detail(pane, { signal, back, step });

  list.addEventListener('click', (event) => {
    const row = event.target.closest('a');
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (event.detail === 0) opened.focus(); // by the keyboard
    go(row.getAttribute('href'));
  });
  list.addEventListener('keydown', (event) => {
    const all = links();
    const at = all.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || !all[next]) return;
    event.preventDefault();
    for (const a of all) a.tabIndex = -1;
    all[next].tabIndex = 0;
    all[next].focus();
  });
  scroller.addEventListener('pointerenter', () => { inside = true; });
  scroller.addEventListener('pointerleave', () => { inside = false; refresh(); });
  addEventListener('pointermove', () => { moved = performance.now(); }, { signal, passive: true });
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
    if (event.key !== 'ArrowDown' || !links().length) return;
    event.preventDefault();
    links().find((a) => a.tabIndex === 0)?.focus();
  });

  const exported = (format) => attempt(async () => {
    const { status, method, operation, unmatched, errors, q } = asked();
    download(await admin(`/requests/export${query({ format, status, method, operation, unmatched, errors, q })}`, { signal, raw: true }), `requests.${format}`, 'application/json');
  });
  const clear = attempt(async () => {
    if (!await ask('Empty the journal?', 'All requests and triggers of this world are removed. What was created stays.', 'Empty it')) return;
    await admin('/requests', { method: 'DELETE' });
    go(change({ id: '' }));
    load();
  });

  replace(stage,
    h('h2', { class: 'away' }, title),
    h('section', { class: 'listing', 'aria-label': 'List' },
      h('div', { class: 'filters' },
        h('div', { class: 'chips', role: 'group', 'aria-label': 'Show' }, chipButtons.map(([chip]) => chip)),
        h('div', { class: 'grow' }, h('label', { class: 'away', for: 'q' }, 'Search'), q),
        h('details', { class: 'more', open: ['operation', 'method', 'sort', 'direction'].some((name) => params[name]) || (statuses().some((one) => !['4xx', '5xx'].includes(one))) },
          h('summary', {}, 'Filter and sort'),
          h('div', { class: 'fields' },
            h('div', { class: 'field' }, h('label', { for: 'status' }, 'Status'), status),
            h('div', { class: 'field' }, h('label', { for: 'method' }, 'Method'), method),
            h('div', { class: 'field' }, h('label', { for: 'operation' }, 'Operation'), operation),
            h('div', { class: 'field' }, h('label', { for: 'order' }, 'Order'), order)),
          source.copies && h('div', { class: 'actions' }, button('Download HAR', exported('har')), button('Download JSONL', exported('jsonl')), source.live && button('Empty the journal…', clear))),
        wrong),
      h('div', { class: 'bar' }, count, fresh, source.live && pause),
      scroller),
    pane);

  function routed(now) {
    const before = JSON.stringify(asked());
    params = now.params;
    options();
    stage.classList.toggle('opened', Boolean(params.id));
    for (const a of links()) a.setAttribute('href', address(a.dataset.id));
    mark();
    opened.show(params.id);
    if (JSON.stringify(asked()) !== before) {
      endCalls();
      rows = [];
      loaded = false;
      load();
    }
  }

  options();
  stage.classList.toggle('opened', Boolean(params.id));
  fill();
  load();
  opened.show(params.id);
  attempt(async () => {
    operations = await source.operations(signal);
    options();
  })();
  return (now) => routed(now ?? present());
}
