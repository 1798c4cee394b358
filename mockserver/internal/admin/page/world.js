// What there is: applications, webhooks with their working URLs, the scenario, and
// the sandboxes beside it.

import { admin, baseOf, baseURL, forgetAccess, losant, ownSandbox, picked, toMain } from './api.js';
import { callForm } from './call.js';
import { ask, asking, attempt, button, copy, download, h, later, notify, number, plural, replace, setText, when } from './dom.js';
import { form } from './form.js';
import { about, wholeNumber, wrong } from './input.js';
import { keyedList } from './list.js';
import { change, go, query, to } from './router.js';
import { happened, source } from './source.js';
import { store } from './store.js';
import { marked, outside, plain } from './text.js';

export const title = 'World';

// entry fills an element with a name, what there is to know of it, a URL and actions.
const entry = (element, name, facts, url, ...actions) => replace(element,
  h('div.what', h('strong', outside(name)), ' ', facts), h('div.url', h('code', marked(url))), h('div.actions', actions));

// listSandboxes reads which sandboxes there are, for all parts of the page.
export async function listSandboxes() {
  const { sandboxes } = await admin('/sandboxes', { server: true });
  store.set({ sandboxes });
}

const urlOf = (hook) => `${baseURL()}/webhooks/${encodeURIComponent(hook.token)}`;
const pathOf = (hook) => `/applications/${hook.applicationId}/webhooks/${hook.id}`;

// The properties of a webhook that can be set, as the API has them.
const properties = [
  { name: 'name', wide: true },
  { name: 'description', kind: 'area', rows: 2 },
  { name: 'responseCode', kind: 'number', value: '200' },
  { name: 'verificationType', label: 'Verification', kind: 'select', options: ['none', 'facebook', 'fitbit', 'twilio', 'alexa'], value: 'none' },
  { name: 'verificationCode' },
  { name: 'basicAuthUsername', label: 'User' },
  { name: 'basicAuthPassword', label: 'Password' },
  { name: 'castBuffersAs', kind: 'select', options: ['', 'array', 'binary', 'utf8', 'base64', 'hex'] },
  { name: 'enabled', kind: 'check', value: true },
  { name: 'waitForReply', label: 'Waits for a reply', kind: 'check' },
  { name: 'isWebsocket', label: 'WebSocket', kind: 'check' },
  { name: 'annotateMultipart', label: 'Annotates multipart', kind: 'check' },
];

export function mount(stage, signal, start) {
  let now = start;
  const work = h('div', { id: 'work' });
  const search = h('input', { type: 'search', id: 'hooks', placeholder: 'name, id or token' });
  const count = h('span.quiet', { role: 'status' });
  const list = h('div');
  const none = h('p.quiet', 'There is no application. Load a scenario that has one.');

  const sections = keyedList(list, {
    key: ({ id }) => id,
    create: ({ id }) => {
      const items = h('ul.hooks');
      const element = h('section', h('div.bar', h('h3'), h('code.quiet', id), h('span.grow'), h('a.button', { href: change({ create: id, edit: '', call: '' }) }, 'Create a webhook')), items);
      element.hooks = keyedList(items, { key: (hook) => hook.id, create: () => h('li'), update: fillHook });
      return element;
    },
    update: (element, a) => {
      element.setAttribute('aria-label', `Application ${plain(a.name)}`);
      replace(element.querySelector('h3'), outside(a.name));
      element.hooks.show(a.hooks);
    },
  });

  function fillHook(element, hook) {
    const name = plain(hook.name);
    const kind = [hook.isWebsocket ? 'WebSocket' : 'HTTP', hook.waitForReply && 'waits for a reply', hook.verificationType !== 'none' && hook.verificationType, hook.basicAuthUsername && 'basic authentication', !hook.enabled && 'disabled'].filter(Boolean).join(', ');
    entry(element, hook.name, h('span', { class: hook.enabled ? 'quiet' : 'warn' }, kind), urlOf(hook),
      button('Copy URL', () => copy(urlOf(hook), 'URL'), { 'aria-label': `Copy URL of ${name}` }),
      h('a.button', { href: change({ call: hook.id, edit: '', create: '' }), 'aria-label': `Call ${name}`, 'data-key': 'call' }, 'Call'),
      h('a.button', { href: change({ edit: hook.id, call: '', create: '' }), 'aria-label': `Edit ${name}`, 'data-key': 'edit' }, 'Edit'),
      button('Delete…', asking(`Delete the webhook ${name}?`, 'Its URL stops to work. Requests to it stay in the journal.', 'Delete', async () => {
        await losant('DELETE', pathOf(hook), undefined, signal);
        await load();
      }), { 'aria-label': `Delete ${name}` }));
  }

  let loaded = '';
  async function load() {
    const q = search.value.trim();
    const text = await admin(`/webhooks${query({ q })}`, { signal, raw: true });
    if (text === loaded || q !== search.value.trim()) return;
    loaded = text;
    const { applications, webhooks, meta } = JSON.parse(text);
    none.hidden = applications.length > 0;
    setText(count, `${plural(meta.total, 'webhook')}${meta.total > webhooks.length ? `, ${number(webhooks.length)} of them listed` : ''}`);
    sections.show(applications.map((a) => ({ ...a, hooks: webhooks.filter((hook) => hook.applicationId === a.id) })));
  }
  search.addEventListener('input', later(load, 100, signal, true));

  // The form that is open: its name stands in the address.
  let working;
  async function open() {
    const { edit, create, call } = now.params;
    const wanted = edit ? `edit ${edit}` : create ? `create ${create}` : call ? `call ${call}` : '';
    if (wanted === working) return;
    working = wanted;
    if (!wanted) return replace(work);
    const close = () => go(change({ edit: '', create: '', call: '' }));
    let hook;
    let known; // the properties that the API's version has
    try {
      if (!create) ({ webhooks: [hook] } = await admin(`/webhooks${query({ webhook: edit || call })}`, { signal }));
      if (!call) ({ webhookProperties: known } = await admin('/definition', { signal }));
    } catch (error) {
      if (error.name === 'AbortError' || working !== wanted) return;
      working = undefined;
      return replace(work, h('section.card', h('p.bad', 'The webhook can’t be read: ', outside(error.message)), h('div.actions', button('Try again', attempt(open)), button('Close', close))));
    }
    if (working !== wanted) return;
    if (!create && !hook) return replace(work, h('section.card', h('p', 'There is no such webhook (any more).'), button('Close', close)));
    const made = call ? callForm(hook, close, signal) : hookForm(hook, create, close, wanted, known);
    replace(work, h('section.card', made.element));
    made.focus();
    work.scrollIntoView({ block: 'nearest' });
  }

  function hookForm(hook, applicationId, close, draft, known) {
    const shown = properties.filter(({ name }) => known.includes(name) && (!hook || name !== 'isWebsocket')).map((field) => ({ ...field, value: !hook ? field.value : field.kind === 'number' ? String(hook[field.name]) : hook[field.name] }));
    const made = form({
      label: hook ? `Edit ${plain(hook.name)}` : 'Create a webhook', action: hook ? 'Change' : 'Create', draft, cancel: close, fields: shown,
      submit: async (all, cancelled) => {
        const fields = {};
        for (const { name, kind, value } of shown) {
          const given = all[name];
          const before = value ?? (kind === 'check' ? false : '');
          // What nobody has touched is left out, so that the default stays.
          if (given === before && (hook || name !== 'name') && !(name === 'enabled' && !hook)) continue;
          fields[name] = kind === 'number' ? wholeNumber(name, given) : given;
        }
        if (hook) await losant('PATCH', pathOf(hook), fields, cancelled);
        else await losant('POST', `/applications/${applicationId}/webhooks`, fields, cancelled);
        notify(hook ? 'The webhook was changed' : 'The webhook was created');
        close();
        await load();
      },
    });
    return { element: h('div', h('h3', hook ? ['Edit ', outside(hook.name)] : 'Create a webhook'), made.element), focus: made.focus };
  }

  // The scenario

  const scenarioForm = form({
    label: 'Load a scenario', action: 'Load…', compact: true,
    fields: [{ name: 'file', label: 'A file, YAML or JSON', kind: 'file' }, { name: 'scenario', label: 'or one that is built in', kind: 'select', options: ['', 'default', 'empty', 'every-field', 'paging', 'strict-auth'] }],
    submit: async (values) => {
      if (!values.file && !values.scenario) throw wrong('file', 'Choose a file, or a scenario that is built in');
      const what = values.file ? plain(values.file.name) : values.scenario;
      if (!await ask(`Load ${what} in place of this world?`, 'Everything that was created, and the journal, are lost.', 'Load')) return;
      const order = values.file ? { body: await values.file.text(), headers: { 'Content-Type': 'application/yaml' } } : { body: { scenario: values.scenario } };
      await admin('/scenario', { method: 'PUT', ...order }).catch(about(values.file ? 'file' : 'scenario'));
      forgetAccess();
      notify('The scenario was loaded');
      await load();
    },
  });

  // Sandboxes

  const boxes = h('ul.hooks');
  const noBoxes = h('p.quiet', 'There is none.');
  const keyedBoxes = keyedList(boxes, { key: ({ name }) => name, create: () => h('li'), update: fillBox });
  function fillBox(element, box) {
    const name = plain(box.name);
    const url = location.origin + baseOf(box.name);
    entry(element, box.name, h('span.quiet', `scenario ${plain(box.scenario)}, ${plural(box.requests, 'request')}, last used ${when(box.lastUsed)}`), url,
      button('Copy base URL', () => copy(url, 'Base URL'), { 'aria-label': `Copy base URL of ${name}` }),
      h('a.button', { href: to('requests', { sandbox: box.name }), 'aria-label': `Open ${name}`, 'data-key': 'open' }, 'Open'),
      button('Delete…', asking(`Delete the sandbox ${name}?`, 'Its data and its journal are lost.', 'Delete', async () => {
        await admin(`/sandboxes/${encodeURIComponent(box.name)}`, { method: 'DELETE', server: true });
        if (picked() !== box.name) return listSandboxes();
        if (ownSandbox === box.name) location.assign(toMain('#/world'));
        else go(to('world', { sandbox: '' }));
      }), { 'aria-label': `Delete ${name}` }));
  }
  store.watch(['sandboxes'], ({ sandboxes }) => {
    keyedBoxes.show(sandboxes ?? []);
    noBoxes.hidden = sandboxes?.length !== 0;
  }, signal);
  const boxForm = form({
    label: 'Create a sandbox', action: 'Create', compact: true, draft: 'sandbox', fields: [{ name: 'name' }],
    submit: async ({ name }) => {
      await admin('/sandboxes', { method: 'POST', body: { name }, server: true }).catch(about('name'));
      boxForm.set({ name: '' });
      notify('The sandbox was created');
      await listSandboxes();
    },
  });

  replace(stage, h('h2.away', title), work,
    h('section', { 'aria-label': 'Webhooks' }, h('div.bar', h('label', { for: 'hooks', class: 'away' }, 'Find a webhook'), search, count), none, list),
    h('section', { 'aria-label': 'Scenario' }, h('h3', 'Scenario'),
      h('div.actions', button('Download as a scenario', attempt(async () => download(await admin('/scenario', { raw: true }), 'scenario.yaml', 'application/yaml')))), scenarioForm.element),
    h('section', { 'aria-label': 'Sandboxes' }, h('h3', 'Sandboxes'), h('p.quiet', 'Each is a world of its own, behind its own base URL.'), noBoxes, boxes, boxForm.element));
  none.hidden = true;

  const loadAll = () => Promise.all([load(), listSandboxes()]);
  const loadLater = later(loadAll, 200, signal);
  source.events((events) => {
    if (happened(events, 'reset', 'refresh', 'changed') || events.some(({ type, data }) => type === 'request' && !data.pending && data.method !== 'GET')) loadLater();
  }, signal);
  attempt(async () => {
    await loadAll();
    await open();
  })();
  return (route) => {
    now = route;
    attempt(open)();
  };
}
