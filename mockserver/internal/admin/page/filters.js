// The filters of requests, which stand in the address, and their controls.

import { button, h, later, replace } from './dom.js';
import { plain } from './text.js';

const filters = ['errors', 'status', 'q', 'operation', 'method', 'unmatched', 'sort', 'direction'];
const chips = [['Errors', 'errors', 'true'], ['4xx', 'status', '4xx'], ['5xx', 'status', '5xx'], ['No operation', 'unmatched', 'true']];
const orders = [['Newest first', '', ''], ['Oldest first', '', 'asc'], ['Slowest first', 'duration', ''], ['By status', 'status', ''], ['By operation', 'operation', 'asc'], ['By target', 'target', 'asc']];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export const asked = (params) => Object.fromEntries(filters.filter((name) => params[name]).map((name) => [name, params[name]]));

export const narrowing = (params) => {
  const { sort, direction, ...rest } = asked(params);
  return rest;
};

// none are parameters without a filter.
export const none = Object.fromEntries(filters.map((name) => [name, '']));

const statuses = (params) => (params.status ?? '').split(',').filter(Boolean);
const isOn = (params, name, value) => (name === 'status' ? statuses(params).includes(value) : params[name] === value);

// toggled returns a filter with a value added, or taken out if it is there. Statuses are
// a list.
export function toggled(params, name, value) {
  const on = isOn(params, name, value);
  if (name !== 'status') return { [name]: on ? '' : value };
  return { status: (on ? statuses(params).filter((one) => one !== value) : [...statuses(params), value]).join(',') };
}

// filterControls returns the controls of filters: `set` gets members of the address, and
// `show` shows an address.
export function filterControls({ start, set, actions, wrong, signal }) {
  let params = start;
  const buttons = chips.map(([text, name, value]) => [button(text, () => set(toggled(params, name, value))), name, value]);
  const q = h('input', { type: 'search', id: 'q', placeholder: 'in targets, headers, bodies, reasons', 'aria-keyshortcuts': '/' });
  const status = h('input', { id: 'status', size: 8, placeholder: '404, 5xx' });
  const operation = h('select', { id: 'operation', onchange: () => set({ operation: operation.value }) });
  const method = h('select', { id: 'method', onchange: () => set({ method: method.value }) });
  const order = h('select', { id: 'order', onchange: () => { const [, sort, direction] = orders[order.value]; set({ sort, direction }); } }, orders.map(([text], i) => h('option', { value: String(i) }, text)));
  const own = {}; // what was typed last, as it is in the address
  const typed = later(() => {
    Object.assign(own, { q: q.value.trim(), status: status.value.trim() });
    set(own);
  }, 40, signal, true);
  for (const one of [q, status]) one.addEventListener('input', typed);

  const choose = (select, texts, value = '', all) => {
    const wanted = ['', ...new Set([...texts, value].filter(Boolean))];
    if (wanted.length !== select.options.length || wanted.some((text, i) => select.options[i].value !== text)) replace(select, wanted.map((text) => h('option', { value: text }, text === '' ? all : plain(text))));
    if (document.activeElement !== select) select.value = value;
  };
  const field = (label, control) => h('div.field', h('label', { for: control.id }, label), control);
  const element = h('div.filters',
    h('div.chips', { role: 'group', 'aria-label': 'Show' }, buttons.map(([chip]) => chip)),
    h('div.grow', h('label.away', { for: 'q' }, 'Search'), q),
    h('details.more', { open: ['operation', 'method', 'sort', 'direction'].some((name) => params[name]) || statuses(params).some((one) => !['4xx', '5xx'].includes(one)) },
      h('summary', 'Filter and sort'),
      h('div.fields', field('Status', status), field('Method', method), field('Operation', operation), field('Order', order)),
      actions),
    wrong);

  return {
    element, q,
    show(now, operations) {
      params = now;
      choose(operation, operations, params.operation, 'any operation');
      choose(method, methods, params.method, 'any method');
      const at = orders.findIndex(([, sort, direction]) => sort === (params.sort ?? '') && direction === (params.direction ?? ''));
      order.value = String(Math.max(at, 0));
      for (const control of [q, status]) {
        const { [control.id]: value = '' } = params;
        if (value !== own[control.id]) control.value = own[control.id] = value;
      }
      for (const [chip, name, value] of buttons) chip.setAttribute('aria-pressed', String(isOn(params, name, value)));
    },
  };
}
