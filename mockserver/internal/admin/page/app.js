import { admin, events, forget, pick, picked } from './api.js';
import { h, notify } from './dom.js';
import * as contract from './contract.js';
import * as faults from './faults.js';
import * as requests from './requests.js';
import * as triggers from './triggers.js';
import * as world from './world.js';

const views = { requests, world, triggers, faults, contract };
const main = document.getElementById('main');
const live = document.getElementById('live');
const sandbox = document.getElementById('sandbox');
let current;
let stage; // what the current view has; a view that is no longer shown keeps its own, out of the page

export const report = (task) => task.catch((error) => notify(error.message));

async function show() {
  const name = location.hash.slice(1) in views ? location.hash.slice(1) : 'requests';
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  current = views[name];
  stage = h('div', {}, h('p', { class: 'quiet' }, 'Loading…'));
  main.replaceChildren(stage);
  await current.show(stage);
}

// follow keeps up with the journal of the picked world.
let following;
async function follow() {
  following?.abort();
  const mine = new AbortController();
  following = mine;
  while (!mine.signal.aborted) {
    try {
      let after = await requests.load(mine.signal);
      report(show());
      live.textContent = 'live';
      for await (const batch of events(after, mine.signal)) {
        if (mine.signal.aborted) return;
        after = batch.at(-1).id ?? after;
        if (batch.some((event) => event.type === 'reset')) {
          requests.clear();
          report(current.show(stage));
        }
        requests.arrived(batch);
        current.arrived?.(batch);
      }
    } catch (error) {
      if (mine.signal.aborted) return;
      live.textContent = 'no connection';
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function listSandboxes() {
  const { sandboxes } = await admin('/sandboxes', { server: true });
  const names = new Set(['', ...sandboxes.map((s) => s.name), picked()]);
  sandbox.replaceChildren(...[...names].map((name) => h('option', { value: name }, name === '' ? 'the server’s own' : `sandbox ${name}`)));
  sandbox.value = picked();
}

sandbox.addEventListener('focus', () => report(listSandboxes()));
sandbox.addEventListener('change', () => {
  pick(sandbox.value);
  forget();
  requests.clear();
  follow();
});
document.getElementById('reset').addEventListener('click', () => report((async () => {
  await admin('/reset', { method: 'POST' });
  forget();
  notify('The world is as its scenario has it');
})()));
addEventListener('hashchange', () => report(show()));
addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select');
  if (event.key === 'Escape') current.escape?.();
  if (typing && event.key !== 'ArrowDown') return;
  current.key?.(event);
});

report(listSandboxes());
follow();
