import { admin } from './api.js';
import { button, field, h, notify, replace } from './dom.js';

let main;

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

export async function show(into) {
  main = into;
  const [{ faults }, clock] = await Promise.all([admin('/faults'), admin('/clock')]);
  const added = h('textarea', { value: '{"name": "restart", "operation": "webhooks.get", "steps": [{"status": 503}, {"status": 503}]}' });
  const by = h('input', { value: '1h', size: 8 });
  const at = h('input', { value: clock.now, size: 26 });
  replace(main,
    h('h2', {}, 'Clock'),
    h('p', {}, `${clock.mode}: `, h('code', { id: 'now' }, clock.now)),
    h('form', { 'aria-label': 'Clock', onsubmit: (event) => event.preventDefault() },
      field('Put on by', by), button('Put on', attempt(() => admin('/clock', { method: 'POST', body: { advance: by.value } }))),
      field('Put to', at), button('Put to', attempt(() => admin('/clock', { method: 'POST', body: { now: at.value } })))),
    h('h2', {}, 'Faults'),
    faults.length === 0 && h('p', { class: 'quiet' }, 'Nothing goes wrong on purpose.'),
    ...faults.map(one),
    h('form', { 'aria-label': 'Add a fault', onsubmit: (event) => { event.preventDefault(); attempt(() => admin('/faults', { method: 'POST', body: added.value }))(); } },
      field('A fault, as in a scenario', added, { class: 'wide' }), h('button', { class: 'main' }, 'Add')),
  );
}

function one({ fault, matched, applied }) {
  const path = `/faults/${encodeURIComponent(fault.name)}`;
  const on = h('input', { type: 'checkbox', onchange: attempt(() => admin(path, { method: 'PATCH', body: { disabled: !on.checked } })) });
  on.checked = !fault.disabled;
  const { name, disabled, ...rest } = fault;
  return h('section', { class: 'detail', 'aria-label': `Fault ${name}` },
    h('h3', {}, name),
    field('On', on, { class: 'line' }),
    h('p', { class: 'quiet' }, `${matched} matched, ${applied} went wrong`),
    h('pre', { tabindex: '0', 'aria-label': 'The fault' }, JSON.stringify(rest, null, 2)),
    button('Remove', attempt(() => admin(path, { method: 'DELETE' })), { 'aria-label': `Remove ${name}` }));
}
