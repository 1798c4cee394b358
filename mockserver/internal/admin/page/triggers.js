// What the workflows behind webhooks received, and the calls that wait for them.

import { admin } from './api.js';
import { bodyView } from './body.js';
import { textBytes } from './bytes.js';
import { conversation, talkView } from './detail.js';
import { attempt, button, h, later, notify, replace, setText, when } from './dom.js';
import { form } from './form.js';
import { headerFields, wholeNumber } from './input.js';
import { keyedList, rowList } from './list.js';
import { change, go, to } from './router.js';
import { followed } from './rows.js';
import { happened, source } from './source.js';
import { marked, outside, plain } from './text.js';

export const title = 'Triggers';

export function mount(stage, signal, start) {
  let { open } = start.params; // the sequence of the trigger in the pane
  let opened; // it, and what was said with it
  let text; // of what is shown, to leave the pane alone when nothing has changed

  const wrong = h('p.error', { role: 'alert' });
  const list = h('ul.rows', { 'aria-label': 'Triggers' });
  const waiting = h('div', { id: 'waiting' });
  const pane = h('section.pane', { 'aria-label': 'The trigger' });

  const keyed = rowList(list, {
    key: ({ sequence }) => String(sequence),
    create: ({ sequence }) => h('li', h('a.row', { href: change({ open: sequence }) }, h('span.status.quiet'), h('bdi.method'), h('bdi.target'), h('span.time'), h('span.why.warn'))),
    update: (element, t) => {
      const [what, name, target, at, why] = element.firstChild.children;
      setText(what, t.type ?? t.method);
      replace(name, marked(t.webhookName));
      replace(target, marked(t.path));
      setText(at, when(t.time));
      setText(why, t.waiting && !t.type ? 'waits for a reply' : '');
    },
  });
  const summaries = (params, ended) => source.triggers({ summary: true, ...params }, ended);
  const rows = followed({
    list, keyed, signal, type: 'trigger', read: summaries, failed: (reason) => setText(wrong, reason),
    nothing: () => [h('p', 'No workflow has received anything yet. Call the URL of a webhook: it is listed under ', h('a', { href: to('world') }, 'World'), '.')],
  });

  // A form stays as it is while its call waits: what is typed in it is not lost.
  const forms = keyedList(waiting, { key: ({ replyId }) => replyId, create: (t) => replyForm(t, showWaiting) });

  async function showWaiting() {
    const { triggers } = await summaries({ waiting: true }, signal);
    forms.show(triggers);
    const held = new Set(triggers.map(({ sequence }) => sequence));
    for (const t of keyed.items()) if (held.has(t.sequence) !== Boolean(t.waiting)) keyed.change({ ...t, waiting: held.has(t.sequence) });
  }

  async function detail() {
    const wanted = open;
    stage.classList.toggle('opened', Boolean(wanted));
    keyed.pick(wanted);
    const { triggers: [t] } = /^\d{1,9}$/.test(wanted) ? await source.triggers({ sequence: wanted }, signal) : { triggers: [] };
    const talk = t?.payload.data.type ? await conversation(t.requestId, signal) : [];
    const now = JSON.stringify([wanted, t, talk]);
    if (wanted !== open || now === text) return;
    text = now;
    opened = t;
    document.title = `${t ? `Trigger ${t.sequence}` : title} · losantmock`;
    const close = button('Back to the list', () => go(change({ open: '' })));
    if (!t) return replace(pane, wanted ? [close, h('p', 'There is no trigger ', outside(wanted), ', or it was removed.')] : h('p.quiet.hint', 'Pick a trigger to see what its workflow received.'));
    replace(pane,
      h('div.head',
        h('h3', outside(t.webhookName), ' ', h('span.quiet', `trigger ${t.sequence}`)), h('div.bar', close)),
      h('p', h('a', { href: to('requests', { id: t.requestId }) }, 'The request that led to it'), ` · ${when(t.payload.time)}`),
      t.problem && h('p.note.warn', h('strong', 'Forwarding: '), outside(t.problem)),
      talk.length > 0 && h('section', { 'aria-label': 'WebSocket' }, h('h4', 'WebSocket'), talkView(talk)),
      h('section', { 'aria-label': 'Payload' }, h('h4', 'Payload'), bodyView({ bytes: textBytes(t.payloadText), name: `trigger ${t.sequence}`, label: 'payload text' })));
  }

  const look = later(showWaiting, 100, signal);
  const again = later(detail, 100, signal);
  source.events((events) => {
    const all = happened(events, 'removed', 'reset', 'refresh');
    if (all || happened(events, 'trigger') || (forms.items()[0] && happened(events, 'request'))) look();
    if (all || events.some(({ type, data }) => type === 'trigger' && (opened ? data.requestId === opened.requestId : open))) again();
  }, signal);

  replace(stage, h('h2.away', title), h('section.listing', { 'aria-label': 'List' }, rows.bar, wrong, waiting, rows.scroller), pane);
  attempt(showWaiting)();
  attempt(detail)();
  return ({ params }) => {
    ({ open } = params);
    attempt(detail)();
  };
}

function replyForm(t, sent) {
  const { replyId, path, type } = t;
  const reply = form({
    label: `Reply to ${plain(t.webhookName)}`, action: type ? 'Send the message' : 'Reply', draft: `reply ${replyId}`,
    fields: [
      !type && { name: 'status', kind: 'number', value: '200' },
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
  return h('section.card', h('h3', outside(t.webhookName), ' ', outside(path), type ? ' is open' : ' waits'), h('p', h('a', { href: to('requests', { id: t.requestId }) }, 'Its request')), reply.element);
}
