// What the server reports of itself: what it holds, what was lost, what failed.

import { admin } from './api.js';
import { attempt, bytes, h, number, replace, when } from './dom.js';
import { happened, source } from './source.js';
import { outside } from './text.js';

export const title = 'Health';

// troubles returns what is wrong, in sentences.
export function troubles(health) {
  const { memory, journalFile: file, reload } = health;
  return [
    reload?.problem && `A changed scenario was not loaded: ${reload.problem}`,
    file?.problem && `The journal file can’t be written: ${file.problem}`,
    file?.lost > 0 && `${number(file.lost)} requests are missing from the journal file.`,
    file?.damage && `Another program has changed the journal file: ${file.damage}`,
    health.panics > 0 && `The server itself failed ${number(health.panics)} times: see its log.`,
    memory.tablesEvicted > 0 && `${number(memory.tablesEvicted)} issued tokens and counts of limits were evicted.`,
  ].filter(Boolean);
}

export function mount(stage, signal) {
  const trouble = h('div', { role: 'status' });
  const facts = h('dl.facts');
  replace(stage, h('h2', title), trouble, facts);
  const load = attempt(async () => {
    const health = await admin('/health', { signal });
    const { memory, journalFile: file, reload } = health;
    const all = troubles(health);
    replace(trouble, all.length === 0 ? h('p.note.good', 'Nothing is wrong.') : all.map((text) => h('p.note.bad', outside(text))));
    replace(facts, [
      ['Version', outside(health.version)],
      ['Serves since', when(Date.parse(health.timestamp) - 1000 * health.uptimeInSeconds)],
      ['Scenario', outside(health.scenario)],
      ['Memory held', `${bytes(memory.held)} of ${bytes(memory.limit)}`],
      ['Requests evicted for memory', number(memory.evicted)],
      ['Refused before a handler', `${number(health.rejectedBeforeHandler)}, which were no HTTP`],
      file && ['Journal file', [outside(file.path), `: ${number(file.written)} written, ${number(file.lost)} lost`]],
      reload && ['Scenario reloaded', `${when(reload.at)}: ${reload.problem ? 'refused' : 'loaded'}`],
    ].filter(Boolean).map(([name, value]) => h('div', h('dt', name), h('dd', value))));
  });
  source.events((events) => { if (happened(events, 'health', 'refresh', 'incomplete', 'reset', 'changed')) load(); }, signal);
  const timer = setInterval(load, 5000);
  signal.addEventListener('abort', () => clearInterval(timer));
  load();
}
