// Forms: each property with its present value, an error beside the field that it is
// about. What was typed, and no more, survives a change of the view and a reload, until
// it is sent or cancelled.

import { picked } from './api.js';
import { button, h } from './dom.js';

let made = 0;

// keptInput keeps the input of a form in the world that is picked, under a name.
function keptInput(name) {
  const key = `draft ${picked()} ${name}`;
  return {
    values: JSON.parse(sessionStorage.getItem(key) ?? '{}'),
    keep: (values) => sessionStorage.setItem(key, JSON.stringify(values)),
    drop: () => sessionStorage.removeItem(key),
  };
}

const named = (name) => name[0].toUpperCase() + name.slice(1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

// form returns a form. A field is {name, label, kind, value, options, hint, wide}, or
// {group, fields} for some under a heading; the label is the name by default; a kind is
// text, number, password, select, check, area or file. `submit` gets the values and a
// signal that Cancel ends; it
// throws an error whose `field` names a field. `draft` is the name under which input
// is kept.
export function form({ label, fields, submit, cancel, action = 'Save', draft, compact }) {
  const prefix = `form${made++}`;
  const controls = new Map(); // name: {control, kind, error}
  const kept = draft && keptInput(draft);
  let running;

  const make = (field) => {
    if (field.group) return h('fieldset', h('legend', field.group), h('div.fields', field.fields.map(make)));
    const id = `${prefix}-${field.name}`;
    const described = [field.hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(' ');
    const shared = { id, name: field.name, 'aria-describedby': described, autocomplete: 'off', spellcheck: 'false' };
    const value = kept?.values[field.name] ?? field.value;
    let control;
    if (field.kind === 'select') {
      control = h('select', shared, field.options.map((option) => h('option', { value: option }, option)));
      control.value = value ?? '';
    } else if (field.kind === 'check') control = h('input', { ...shared, type: 'checkbox', checked: Boolean(value) });
    else if (field.kind === 'area') control = h('textarea', { ...shared, value: value ?? '', rows: field.rows ?? 4, placeholder: field.placeholder });
    else {
      control = h('input', { ...shared, type: field.kind === 'file' || field.kind === 'password' ? field.kind : 'text', inputmode: field.kind === 'number' ? 'numeric' : undefined, placeholder: field.placeholder, list: field.suggestions && `${id}-list` });
      if (field.kind !== 'file') control.value = value ?? '';
    }
    const error = h('span.error', { id: `${id}-error` });
    controls.set(field.name, { control, kind: field.kind, error, present: field.kind === 'check' ? Boolean(field.value) : field.value ?? '' });
    const parts = [h('label', { for: id }, field.label ?? named(field.name)), control, field.suggestions && h('datalist', { id: `${id}-list` }, field.suggestions.map((text) => h('option', { value: text }))), field.hint && h('span.hint', { id: `${id}-hint` }, field.hint), error];
    return h('div', { class: `field${field.kind === 'check' ? ' check' : ''}${field.wide || field.kind === 'area' ? ' wide' : ''}` }, parts);
  };

  const body = fields.map(make);
  const general = h('p.error', { role: 'alert' });
  const send = h('button.main', action);
  const stop = button('Cancel', () => {
    if (running) return running.abort();
    kept?.drop();
    cancel?.();
  });
  const element = h('form', { 'aria-label': label, novalidate: true, class: compact && 'compact' }, h('div.fields', body), general, h('div.actions', send, cancel && stop));

  const values = () => Object.fromEntries([...controls].map(([name, { control, kind }]) => [name, kind === 'check' ? control.checked : kind === 'file' ? control.files[0] : control.value]));
  const set = (members) => {
    for (const [name, value] of Object.entries(members)) {
      const known = controls.get(name);
      if (known?.kind === 'check') known.control.checked = Boolean(value);
      else if (known && known.kind !== 'file') known.control.value = value ?? '';
    }
    keep();
  };
  const clear = () => {
    general.textContent = '';
    for (const { control, error } of controls.values()) {
      error.textContent = '';
      control.removeAttribute('aria-invalid');
    }
  };
  const fail = (error) => {
    const wrong = controls.get(error.field);
    if (!wrong) {
      general.textContent = error.message;
      return;
    }
    wrong.error.textContent = error.message;
    wrong.control.setAttribute('aria-invalid', 'true');
    wrong.control.focus();
  };
  function keep() {
    kept?.keep(Object.fromEntries(Object.entries(values()).filter(([name, value]) => value !== controls.get(name).present && !['password', 'file'].includes(controls.get(name).kind))));
  }
  element.addEventListener('input', keep);
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (running) return;
    clear();
    running = new AbortController();
    element.setAttribute('aria-busy', 'true');
    try {
      await submit(values(), running.signal);
      kept?.drop();
    } catch (error) {
      if (error.name !== 'AbortError') fail(error);
    } finally {
      running = undefined;
      element.removeAttribute('aria-busy');
    }
  });
  return { element, values, set, fail, focus: () => (controls.values().next().value?.control ?? send).focus() };
}
