import { admin, forgetAccess, keepToken, keptToken, onRefusal, ownSandbox, pick, picked, toMain } from './api.js';
import { ask, attempt, button, h, later, notify, plural, replace, setText } from './dom.js';
import { change, go, route, to } from './router.js';
import { follow, happened, source, start } from './source.js';
import { store } from './store.js';
import { outside, plain } from './text.js';
import { askForToken } from './token.js';
import { troubles } from './health.js';
import * as contract from './contract.js';
import * as expect from './expect.js';
import * as faults from './faults.js';
import * as health from './health.js';
import * as investigate from './investigate.js';
import * as triggers from './triggers.js';
import * as world from './world.js';

// Each view has a title and `mount`, which fills an element until its signal ends,
// and returns what to do when the parameters of the address change.
const views = { requests: investigate, expectations: expect, world, triggers, faults, contract, health };

const main = document.getElementById('main');
const worlds = document.getElementById('world');
const forever = new AbortController().signal;
let shown; // {name, world, end, routed}

function show() {
  const now = route();
  const name = source.live && Object.hasOwn(views, now.view) ? now.view : 'requests';
  const wanted = (source.live && now.params.sandbox) || ownSandbox;
  if (wanted !== picked()) {
    pick(wanted);
    listWorlds();
    if (shown) follow();
  }
  links(name);
  if (store.get('connection').state === 'gone') return missing();
  if (shown?.name === name && shown.world === wanted) return shown.routed?.(now);
  shown?.end.abort();
  const end = new AbortController();
  const stage = h('div', { class: `view ${name}` });
  shown = { name, world: wanted, end };
  document.title = `${views[name].title} · losantmock`;
  main.replaceChildren(stage);
  shown.routed = views[name].mount(stage, end.signal, now);
}

// missing says that the picked sandbox is gone, in place of every view.
function missing() {
  shown?.end.abort();
  shown = { end: new AbortController() };
  const name = picked();
  document.title = `${plain(name)} is gone · losantmock`;
  links();
  main.replaceChildren(h('div.view.gone',
    h('h2', 'The sandbox ', outside(name), ' is gone'),
    h('p', { role: 'status' }, 'It was deleted, or the server was started again. This page goes on when there is one of this name.'),
    h('div.actions',
      button('Create it again', attempt(async () => {
        await admin('/sandboxes', { method: 'POST', body: { name }, server: true }).catch((error) => { if (error.status !== 409) throw error; });
        follow();
      }), { class: 'main' }),
      h('a.button', { href: ownSandbox ? toMain('#/world') : to('world', { sandbox: '' }) }, 'Open the main world'))));
}

function links(current) {
  replace(document.getElementById('views'), Object.entries(views).filter(([name]) => source.live || name === 'requests').map(([name, { title }]) => h('a', {
    href: to(name), 'data-key': name, 'aria-current': name === current ? 'page' : undefined,
  }, title)));
}

function listWorlds() {
  const names = new Set(['', ...(store.get('sandboxes') ?? []).map(({ name }) => name), picked()]);
  replace(worlds, [...names].map((name) => h('option', { value: name }, name === '' ? 'main' : `sandbox ${plain(name)}`)));
  worlds.value = picked();
}
store.watch(['sandboxes'], listWorlds, forever);

const states = { connecting: 'connecting …', live: 'live', down: 'no connection', refused: 'no admin token', gone: 'gone' };
store.watch(['connection'], ({ connection: { state, reason } }) => {
  const live = document.getElementById('live');
  setText(live, states[state]);
  live.className = state === 'live' ? 'good' : state === 'connecting' ? 'quiet' : 'bad';
  live.title = reason ?? '';
  if (state === 'gone') missing();
  if (state === 'live' && shown && !shown.name) show(); // it is there again
}, forever);

store.watch(['trouble', 'connection'], ({ trouble, connection: { state, reason } }) => {
  const line = document.getElementById('trouble');
  const lost = state === 'down' ? [`No connection: ${reason}. What you see may be old; what you typed stays.`] : [];
  const all = [...lost, ...trouble];
  line.hidden = all.length === 0;
  const more = source.live && all.length > 1 ? ` And ${all.length - 1} more, under Health.` : '';
  setText(line, all.slice(0, source.live ? 1 : 100).map((text) => plain(text)).join('\n') + more);
}, forever);

const forget = document.getElementById('forget');
store.watch(['tokenKept', 'connection'], ({ tokenKept, connection: { state } }) => {
  forget.hidden = !tokenKept && state !== 'refused';
  setText(forget, tokenKept ? 'Forget token' : 'Enter token…');
}, forever);

worlds.addEventListener('focus', attempt(world.listSandboxes));
worlds.addEventListener('change', () => {
  const { value } = worlds;
  const hash = change({ sandbox: value === ownSandbox ? undefined : value, id: undefined });
  if (value === '' && ownSandbox !== '') location.assign(toMain(hash));
  else go(hash);
});

document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault(); // the hash is the address of the view
  main.focus();
});

document.getElementById('reset').addEventListener('click', attempt(async () => {
  const name = picked();
  if (!await ask(name === '' ? 'Reset the main world?' : `Reset the sandbox ${plain(name)}?`, 'Its scenario is loaded again. Requests, triggers and everything that was created are lost.', 'Reset') || name !== picked()) return;
  await admin('/reset', { method: 'POST' });
  forgetAccess();
  notify('The world is as its scenario has it');
}));

// Where the element with the focus goes, what was around it has the focus.
let around = [];
addEventListener('focusin', ({ target }) => {
  around = [];
  for (let one = target; one; one = one.parentElement) around.push(one);
});
new MutationObserver(() => {
  if (document.activeElement !== document.body || around[0]?.isConnected !== false) return;
  const near = around.find((one) => one.isConnected);
  if (!near.hasAttribute('tabindex')) near.tabIndex = -1;
  near.focus({ preventScroll: true });
}).observe(main, { childList: true, subtree: true });

forget.addEventListener('click', () => {
  if (keptToken()) notify('The admin token is forgotten');
  keepToken('');
  store.set({ tokenKept: false });
  follow(); // which asks for one
});

// keepHealth knows what health reports of trouble, from the stream and from now and
// then a look, for servers whose stream is silent about it.
const keepHealth = later(async () => {
  if (source.live) store.set({ trouble: troubles(await admin('/health')) });
}, 200, forever);
source.events((events) => {
  if (happened(events, 'refresh', 'health', 'incomplete')) keepHealth();
  if (happened(events, 'refresh', 'changed')) attempt(world.listSandboxes)();
  if (happened(events, 'reset')) forgetAccess();
}, forever);

onRefusal(askForToken);
store.set({ tokenKept: keptToken() !== '' });
addEventListener('hashchange', show);
show();
if (source.live) start();
else {
  const left = source.left > 0 ? ` ${plural(source.left, 'older request')} left out.` : '';
  store.set({ trouble: [...source.failures, `This is the file ${source.file}: nothing can be sent to it or changed.${left}`] });
}
