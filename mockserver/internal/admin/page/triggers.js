// What the workflows behind webhooks received, and the calls that wait for them.

import { admin } from './api.js';
import { bodyView, textBytes } from './body.js';
import { attempt, button, h, notify, number, plural, replace, setText, when } from './dom.js';
import { form, headerFields, wholeNumber } from './form.js';
import { keyedList } from './list.js';
import { change, go, to } from './router.js';
import { source } from './source.js';
import { talkView } from './detail.js';
import { marked, outside, plain } from './text.js';

export const title = 'Triggers';

export function mount(stage, signal, start) {
  let now = start;
  let triggers = [];
  let limit = 100;
  let open; // the sequence of the trigger in the pane

  const count = h('span', { role: 'status', id: 'count' });
  const list = h('ul', { class: 'rows', 'aria-label': 'Triggers' });
  const none = h('p', { class: 'empty' }, 'No workflow has received anything yet. Call the URL of a webhook: it is listed under ', h('a', { href: to('world') }, 'World'), '.');
  const older = button('Show more', () => { limit += 100; attempt(load)(); }, { hidden: true });
  const waiting = h('div', { id: 'waiting' });
  const pane = h('section', { class: 'pane', 'aria-label': 'The trigger' });

  const rows = keyedList(list, {
    key: ({ sequence }) => sequence,
    create: ({ sequence }) => h('li', {}, h('a', { class: 'row', href: change({ open: sequence }), 'data-sequence': sequence }, h('span', { class: 'status quiet' }), h('bdi', { class: 'method' }), h('bdi', { class: 'target' }), h('span', { class: 'time' }), h('span', { class: 'why warn' }))),
    update: (element, t) => {
      const [what, name, target, at, why] = element.firstChild.children;
      setText(what, t.payload.data.type ?? t.payload.data.method);
      replace(name, marked(t.webhookName));
      replace(target, marked(t.payload.data.path));
      setText(at, when(t.payload.time));
      setText(why, t.waiting && !t.payload.data.type ? 'waits for a reply' : '');
    },
  });

  // A form stays as it is while its call waits: what is typed in it is not lost.
  const forms = keyedList(waiting, {
    key: ({ payload }) => payload.data.replyId,
    create: (t) => replyForm(t, load),
  });

  async function load() {
    const { triggers: all, meta } = await source.triggers({ limit }, signal);
    triggers = all;
    rows.show(triggers);
    mark();
    setText(count, plural(meta.total, 'trigger'));
    none.hidden = meta.total > 0;
    list.hidden = meta.total === 0;
    older.hidden = meta.total <= triggers.length;
    // A WebSocket waits with each of its events; its latest has the form.
    const seen = new Set();
    forms.show(triggers.filter((t) => t.waiting && !seen.has(t.payload.data.replyId) && seen.add(t.payload.data.replyId)));
    detail();
  }

  function mark() {
    for (const a of list.querySelectorAll('a')) {
      if (a.dataset.sequence === now.params.open) a.setAttribute('aria-current', 'true');
      else a.removeAttribute('aria-current');
    }
  }

  function detail() {
    stage.classList.toggle('opened', Boolean(now.params.open));
    const t = triggers.find(({ sequence }) => String(sequence) === now.params.open);
    const talk = t?.payload.data.type ? triggers.filter(({ requestId }) => requestId === t.requestId).reverse() : [];
    const state = JSON.stringify([now.params.open, t, talk.length]);
    if (state === open) return;
    open = state;
    document.title = `${t ? `Trigger ${t.sequence}` : title} · losantmock`;
    const close = button('Back to the list', () => go(change({ open: '' })), { 'data-key': 'back' });
    if (!t) return replace(pane, now.params.open ? [close, h('p', {}, `Trigger ${plain(now.params.open)} is not among the newest ${number(triggers.length)}, or was removed.`)] : h('p', { class: 'quiet hint' }, 'Pick a trigger to see what its workflow received.'));
    replace(pane,
      h('div', { class: 'head' },
        h('h3', {}, outside(t.webhookName), ' ', h('span', { class: 'quiet' }, `trigger ${t.sequence}`)), h('div', { class: 'bar' }, close)),
      h('p', {}, h('a', { href: to('requests', { id: t.requestId }) }, 'The request that led to it'), ` · ${when(t.payload.time)}`),
      t.problem && h('p', { class: 'note warn' }, h('strong', {}, 'Forwarding: '), outside(t.problem)),
      talk.length > 0 && h('section', { 'aria-label': 'WebSocket' }, h('h4', {}, 'WebSocket'), talkView(talk)),
      h('section', { 'aria-label': 'Payload' }, h('h4', {}, 'Payload'), bodyView({ bytes: textBytes(t.payloadText), name: `trigger ${t.sequence}`, label: 'payload text' })));
  }

  list.addEventListener('keydown', (event) => {
    const all = [...list.querySelectorAll('a')];
    const next = all[all.indexOf(document.activeElement) + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? NaN)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  let scheduled;
  source.events((events) => {
    if (scheduled || !events.some(({ type, data }) => ['trigger', 'removed', 'reset', 'refresh'].includes(type) || (type === 'request' && !data.pending))) return;
    scheduled = setTimeout(() => {
      scheduled = undefined;
      if (!signal.aborted) attempt(load)();
    }, 100);
  }, signal);

  replace(stage, h('h2', { class: 'away' }, title),
    h('section', { class: 'listing', 'aria-label': 'List' }, h('div', { class: 'bar' }, count), waiting, h('div', { class: 'scroller' }, none, list, older)),
    pane);
  none.hidden = true;
  attempt(load)();
  return (route) => {
    now = route;
    mark();
    detail();
  };
}

function replyForm(t, sent) {
  const { replyId, path, type } = t.payload.data;
  const reply = form({
    label: `Reply to ${plain(t.webhookName)}`, action: type ? 'Send the message' : 'Reply', draft: `reply ${replyId}`,
    fields: [
      !type && { name: 'status', label: 'Status', kind: 'number', value: '200' },
      !type && { name: 'headers', label: 'Header fields', kind: 'area', rows: 2, placeholder: 'Name: value' },
      { name: 'body', label: type ? 'Message' : 'Body', kind: 'area', rows: 3, value: type ? '' : '{"answer":42}' },
    ].filter(Boolean),
    submit: async (values) => {
      const order = type ? { body: values.body } : { status: wholeNumber('status', values.status), headers: headerFields('headers', values.headers), body: values.body };
      await admin(`/replies/${encodeURIComponent(replyId)}`, { method: 'POST', body: order });
      notify(type ? 'The message was sent' : 'The reply was sent');
      await sent();
    },
  });
  return h('section', { class: 'card' }, h('h3', {}, outside(t.webhookName), ' ', outside(path), type ? ' is open' : ' waits'), h('p', {}, h('a', { href: to('requests', { id: t.requestId }) }, 'Its request')), reply.element);
}
