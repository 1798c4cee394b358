// What goes wrong on purpose, and the world's clock.

import { admin } from './api.js';
import { asking, attempt, button, h, later, notify, number, plural, replace, setText, when } from './dom.js';
import { located, toFault, toValues } from './fault.js';
import { form } from './form.js';
import { about } from './input.js';
import { keyedList } from './list.js';
import { change, go } from './router.js';
import { happened, source } from './source.js';
import { marked, outside, plain } from './text.js';

export const title = 'Faults';

const presets = {
  'A restart: two times 503': { name: 'restart', operation: 'webhooks.get', steps: '[{"status": 503}, {"status": 503}]' },
  'Slow responses': { name: 'slow', path: '/applications/**', latencyFixed: '500ms' },
  'Rate limited': { name: 'rate limited', path: '/applications/**', answer: 'rateLimited', retryAfter: '2s' },
  'Every third fails': { name: 'flaky', path: '/applications/**', every: '3', status: '500' },
  'The connection is reset': { name: 'reset', path: '/applications/**', transport: 'reset_peer' },
  'Created, but the response is lost': { name: 'lost response', operation: 'webhooks.post', to: '1', takesEffect: true, transport: 'reset_peer' },
};

// The properties of a fault; the names in a latency begin with latency.
const groups = (operations) => [
  { name: 'name' },
  { name: 'disabled', label: 'Switched off', kind: 'check' },
  { group: 'Which requests', fields: [
    { name: 'operation', suggestions: operations }, { name: 'method' }, { name: 'path', hint: 'a glob, such as /applications/**' },
    { name: 'application', label: 'Application’s id' }, { name: 'token', label: 'Access token' }, { name: 'matching', label: 'Body matches', hint: 'a JSONPath' }] },
  { group: 'When', fields: [
    { name: 'from', label: 'From match', kind: 'number' }, { name: 'to', label: 'To match', kind: 'number' }, { name: 'every', label: 'Every so many', kind: 'number' },
    { name: 'probability', hint: '0 to 1' }, { name: 'after', hint: 'a time by the clock' }, { name: 'until' }, { name: 'perToken', label: 'Count for each token', kind: 'check' }] },
  { group: 'What happens', fields: [
    { name: 'answer', label: 'Response', kind: 'select', options: ['', 'unauthorized', 'forbidden', 'rateLimited', 'serverError', 'maintenance'] },
    { name: 'status', kind: 'number' }, { name: 'retryAfter', hint: 'such as 2s' },
    { name: 'headers', label: 'Header fields', kind: 'area', rows: 2, placeholder: 'Name: value' }, { name: 'body', kind: 'area', rows: 2 },
    { name: 'transport', label: 'Connection', kind: 'select', options: ['', 'reset_peer', 'empty_response', 'malformed_chunk', 'random_then_close', 'timeout', 'limit_data'] },
    { name: 'limitData', label: 'Bytes that are sent', kind: 'number' }, { name: 'timeout', label: 'Silent for' }, { name: 'throttle', label: 'Bytes in a second', kind: 'number' },
    { name: 'latencyFixed', label: 'Delay', hint: 'such as 500ms' }, { name: 'latencyMin', label: 'Delay from' }, { name: 'latencyMax', label: 'to' },
    { name: 'latencyMedian', label: 'Median delay' }, { name: 'latencySigma', label: 'Sigma' }, { name: 'latencyChunks', label: 'Parts', kind: 'number' }, { name: 'latencyPerChunk', label: 'Delay of each part' },
    { name: 'takesEffect', label: 'The request takes effect all the same', kind: 'check' },
    { name: 'steps', kind: 'area', rows: 3, hint: 'one after another, as JSON, in place of the one above' }, { name: 'repeat', label: 'Begin again after the last step', kind: 'check' }] },
];

export function mount(stage, signal, start) {
  let now = start;
  let faults = [];
  const list = h('div.cards');
  const none = h('p.quiet', 'Nothing goes wrong on purpose.');
  const editor = h('div', { id: 'editor' });
  const cards = keyedList(list, { key: ({ fault }) => fault.name, create: card, update: fill });

  function card({ fault: { name } }) {
    const path = `/faults/${encodeURIComponent(name)}`;
    const on = h('input', { type: 'checkbox', 'aria-label': `${plain(name)} is on`, onchange: attempt(async () => {
      await admin(path, { method: 'PATCH', body: { disabled: !on.checked } }).finally(load);
    }) });
    return h('section.card', { 'aria-label': `Fault ${plain(name)}` },
      h('div.bar', h('label', on, ' On'), h('h3', outside(name)), h('span.grow'),
        h('a.button', { href: change({ edit: name, add: '', name: '' }), 'aria-label': `Edit ${plain(name)}` }, 'Edit'),
        button('Remove…', asking(`Remove the fault ${plain(name)}?`, '', 'Remove', async () => {
          await admin(path, { method: 'DELETE' });
          await load();
        }), { 'aria-label': `Remove ${plain(name)}` })),
      h('p.counts.quiet'), h('p.summary'));
  }
  function fill(element, { fault, matched, applied }) {
    const { name, disabled, ...rest } = fault;
    element.querySelector('input').checked = !disabled;
    setText(element.querySelector('.counts'), `${plural(matched, 'request')} matched, ${number(applied)} went wrong`);
    replace(element.querySelector('.summary'), Object.entries(rest).map(([key, value]) => h('span.pair', h('span.quiet', key), ' ', h('code', marked(typeof value === 'object' ? JSON.stringify(value) : String(value))))));
  }

  async function load() {
    ({ faults } = await admin('/faults', { signal }));
    cards.show(faults);
    none.hidden = faults.length > 0;
    if (now.params.name) cards.element(now.params.name)?.scrollIntoView({ block: 'nearest' });
  }

  const add = (fault) => admin('/faults', { method: 'POST', body: fault });
  // exchange puts a fault in the place of the one of a name, and reports whether that was
  // still there.
  const exchange = (name, fault) => admin(`/faults/${encodeURIComponent(name)}`, { method: 'PUT', body: fault }).then(() => true, async (error) => {
    if (error.status !== 404) throw error;
    await add(fault);
    return false;
  });

  // wanted is the name of the fault that is edited; blank for a new one.
  const wanted = () => (now.params.add ? '' : now.params.edit);
  let operations = [];
  let editing = null;
  async function edit(name) {
    if (name === editing) return;
    editing = name;
    if (name === undefined) return replace(editor, h('a.button.main', { href: change({ add: '1', edit: '' }) }, 'Add a fault'));
    if (operations.length === 0) operations = (await admin('/definition', { signal })).names ?? [];
    if (editing !== name) return;
    const old = faults.find(({ fault }) => fault.name === name)?.fault;
    const values = old ? toValues(old) : {};
    const filled = (fields) => fields.map((field) => (field.group ? { ...field, fields: filled(field.fields) } : { ...field, value: values[field.name] }));
    const close = () => go(change({ edit: '', add: '' }));
    const one = form({
      label: old ? `Edit ${plain(name)}` : 'Add a fault', draft: `fault ${name}`, fields: filled(groups(operations)), action: old ? 'Change' : 'Add', cancel: close,
      submit: async (all) => {
        const fault = toFault(all);
        try {
          const there = old ? await exchange(name, fault) : await add(fault);
          notify(!old ? 'The fault was added' : there ? 'The fault was changed' : 'The fault was gone meanwhile, and was added again');
        } catch (error) {
          throw located(error);
        }
        close();
        await load();
      },
    });
    replace(editor, h('section.card', h('h3', old ? ['Edit ', outside(name)] : 'Add a fault'),
      !old && h('div.chips', { role: 'group', 'aria-label': 'Begin with' }, Object.entries(presets).map(([text, preset]) => button(text, () => one.set({ ...Object.fromEntries(Object.keys(one.values()).map((field) => [field, ''])), ...preset })))),
      one.element));
    one.focus();
  }

  const reading = h('p', h('time', { id: 'now' }), ' ', h('span.quiet', { id: 'mode' }));
  let clock; // {mode, now, at} as read at a moment of this machine
  const tick = () => {
    if (!clock) return;
    setText(reading.firstChild, when(Date.parse(clock.now) + (clock.mode === 'real' ? performance.now() - clock.at : 0)));
    setText(reading.lastChild, clock.mode);
  };
  async function readClock(state) {
    clock = { ...(state ?? await admin('/clock', { signal })), at: performance.now() };
    tick();
  }
  const clockForm = (name, label, value, action, hint) => form({
    label: action, action, compact: true, draft: `clock ${name}`, fields: [{ name, label, value, hint }],
    submit: async (values) => readClock(await admin('/clock', { method: 'POST', body: values }).catch(about(name))),
  }).element;

  replace(stage, h('h2', 'Faults and clock'),
    h('section', { 'aria-label': 'Faults' }, h('h3', 'Faults'), none, list, editor),
    h('section', { 'aria-label': 'Clock' }, h('h3', 'Clock'), reading, h('div.inline', clockForm('advance', 'By', '1h', 'Put the clock forward', 'such as 10s or -1h'), clockForm('now', 'To', '', 'Set the clock', 'such as 2016-06-13T04:00:00Z'))));
  none.hidden = true;
  const timer = setInterval(tick, 500);
  signal.addEventListener('abort', () => clearInterval(timer));
  const loadLater = later(load, 200, signal);
  source.events((events) => {
    if (happened(events, 'reset', 'refresh', 'changed')) attempt(() => readClock())();
    if (!happened(events, 'closed')) loadLater();
  }, signal);
  attempt(async () => {
    await Promise.all([load(), readClock()]);
    await edit(wanted());
  })();
  return (route) => {
    now = route;
    attempt(() => edit(wanted()))();
  };
}
