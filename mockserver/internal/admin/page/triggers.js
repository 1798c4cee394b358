import { admin } from './api.js';
import { field, h, jsonView, notify, replace, time } from './dom.js';

let main;

export async function show(into) {
  main = into;
  const { triggers, meta } = await admin('/triggers?limit=100');
  const waiting = triggers.filter((t) => t.waiting);
  replace(main,
    h('h2', {}, 'Triggers'),
    h('p', { class: 'quiet' }, `What the workflows behind webhooks received: ${meta.total}, newest first.`),
    waiting.length > 0 && h('h3', {}, 'Waiting for a reply'),
    ...waiting.map(reply),
    triggers.map((t) => h('details', {}, h('summary', {}, `${time(t.payload.time)} ${t.webhookName} ${t.payload.data.type ?? t.payload.data.method} ${t.payload.data.path}`), jsonView(JSON.stringify(t.payload), undefined, 'Payload'))),
  );
}

function reply(t) {
  const status = h('input', { value: '200', size: 5, inputmode: 'numeric' });
  const data = h('textarea', { value: '{"answer":42}' });
  const { data: { replyId, path, type } } = t.payload;
  const send = async () => {
    try {
      await admin(`/replies/${encodeURIComponent(replyId)}`, { method: 'POST', body: { status: Number(status.value), body: data.value } });
      notify('The reply was sent');
      await show(main);
    } catch (error) {
      notify(error.message);
    }
  };
  return h('form', { class: 'detail', 'aria-label': `Reply to ${t.webhookName}`, onsubmit: (event) => { event.preventDefault(); send(); } },
    h('p', {}, `${t.webhookName} ${type ?? ''} ${path}`), field('Status', status), field('Body', data, { class: 'wide' }), h('button', { class: 'main' }, 'Reply'));
}

let scheduled;
export function arrived(batch) {
  if (!batch.some((event) => event.type === 'trigger' || event.data.trigger)) return;
  // A form that is being written in stays as it is.
  if (main.contains(document.activeElement) && document.activeElement.closest('form')) return;
  clearTimeout(scheduled);
  scheduled = setTimeout(() => { if (main.isConnected) show(main); }, 50);
}

