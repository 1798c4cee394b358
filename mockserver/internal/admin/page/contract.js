import { admin } from './api.js';
import { button, copy, h, notify, replace } from './dom.js';

const classes = { conforms: 'good', news: 'warn', 'could not check': 'warn', breaks: 'bad' };
let report;

export async function show(main) {
  const run = h('button', { type: 'button', class: 'main', onclick: async () => {
    run.disabled = true;
    run.textContent = 'Running …';
    try {
      report = await admin('/check', { method: 'POST' });
    } catch (error) {
      notify(error.message);
    }
    await show(main);
  } }, 'Run the suite');
  replace(main,
    h('h2', {}, 'Contract'),
    h('p', {}, 'The documented behaviour of Losant’s API, tried on a copy of this world.'),
    run,
    report && result(),
  );
}

function result() {
  return h('div', {},
    h('h3', {}, 'Verdict: ', h('span', { id: 'verdict', class: classes[report.verdict] }, report.verdict)),
    h('p', { class: 'quiet' }, `${report.requests} requests in ${report.tookSeconds.toFixed(1)} s`),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Checks' }, h('table', {},
      h('thead', {}, h('tr', {}, ['Check', 'Verdict', 'Passed', 'Found'].map((t) => h('th', { scope: 'col' }, t)))),
      h('tbody', {}, report.checks.map((c) => h('tr', {},
        h('td', {}, h('code', {}, c.name)),
        h('td', { class: c.passed || c.findings ? classes[c.verdict] : 'quiet' }, c.passed || c.findings ? c.verdict : 'not run'),
        h('td', {}, String(c.passed)),
        h('td', {}, (c.findings ?? []).map((f) => h('div', {}, [f.operation, f.field, f.message].filter(Boolean).join(': '), ' ', f.curl && button('Copy curl', () => copy(f.curl, 'curl command')))))))))));
}
