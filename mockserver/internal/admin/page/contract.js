// The contract's suite, tried on a copy of the world.

import { admin } from './api.js';
import { button, copy, h, number, replace } from './dom.js';
import { form } from './form.js';
import { store } from './store.js';
import { outside } from './text.js';

export const title = 'Contract';

const classes = { conforms: 'good', news: 'warn', 'could not check': 'warn', breaks: 'bad' };

const kept = 'report of the contract';
store.set({ report: JSON.parse(sessionStorage.getItem(kept) ?? 'null') });

export function mount(stage, signal) {
  const result = h('div', { role: 'status' });
  const run = form({
    label: 'Run the suite', fields: [], action: 'Run the suite', cancel: () => {},
    submit: async (_, cancelled) => {
      replace(result, h('p.quiet', 'Running …'));
      try {
        const report = await admin('/check', { method: 'POST', signal: AbortSignal.any([signal, cancelled]) });
        try {
          sessionStorage.setItem(kept, JSON.stringify(report));
        } catch {
          sessionStorage.removeItem(kept); // there is no room for it
        }
        store.set({ report });
      } finally {
        if (!signal.aborted) fill(store.get('report'));
      }
    },
  });
  const fill = (report) => replace(result, report && show(report));
  replace(stage, h('h2', title), h('p', 'The documented behaviour of Losant’s API, tried on a copy of this world.'), run.element, result);
  store.watch(['report'], ({ report }) => fill(report), signal);
}

const show = (report) => [
  h('h3', 'Verdict: ', h('span', { id: 'verdict', class: classes[report.verdict] }, report.verdict)),
  h('p.quiet', `${number(report.requests)} requests in ${report.tookSeconds.toFixed(1)} s`),
  h('table.stacked',
    h('caption.away', 'Checks'),
    h('thead', h('tr', ['Check', 'Verdict', 'Passed', 'Found'].map((text) => h('th', { scope: 'col' }, text)))),
    h('tbody', report.checks.map((c) => h('tr',
      h('th', { scope: 'row' }, h('code', c.name)),
      h('td', { class: c.passed || c.findings ? classes[c.verdict] : 'quiet' }, c.passed || c.findings ? c.verdict : 'not run'),
      h('td', number(c.passed)),
      h('td', (c.findings ?? []).map((f) => h('div', outside([f.operation, f.field, f.message].filter(Boolean).join(': ')), ' ', f.curl && button('Copy curl', () => copy(f.curl, 'curl command'))))))))),
];
