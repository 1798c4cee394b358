// Why a verification failed: its pattern beside the requests that came nearest, to
// be changed until it matches.

import { admin } from './api.js';
import { attempt, button, copy, ending, h, later, number, plural, replace, setText, when } from './dom.js';
import { rowsOf } from './differences.js';
import { indent, members } from './json.js';
import { rowList } from './list.js';
import { change, go, to } from './router.js';
import { happened, source } from './source.js';
import { escaped, marked, outside, plain } from './text.js';

export const title = 'Expectations';

const example = '{\n  "operation": "webhooks.post"\n}';

const typed = new Map(); // patterns, by the id of the expectation

export function mount(stage, signal, start) {
  let now = start;
  let end; // ends what belongs to the expectation that is shown
  let known; // the expectation; undefined for a pattern of one's own

  const list = h('ul.rows', { 'aria-label': 'Failed expectations' });
  const none = h('p.empty.quiet', 'None has failed. Failed assertions of Go tests, and calls of wait and count that were not met, are kept here.');
  const rows = rowList(list, {
    key: ({ id }) => String(id),
    create: ({ id }) => h('li', h('a.row', { href: to('expectations', {}, id) }, h('span.status.bad'), h('bdi.target'), h('span.time'), h('bdi.why'))),
    update: (element, e) => {
      const [verdict, target, at, why] = element.firstChild.children;
      setText(verdict, `${number(e.matched)}`);
      replace(target, marked(e.test || e.source));
      setText(at, when(e.at));
      why.className = 'why quiet';
      replace(why, marked(e.message.split('\n')[0]));
    },
  });
  async function loadList() {
    const { expectations } = await admin('/expectations', { signal });
    rows.show(expectations);
    none.hidden = expectations.length > 0;
    list.hidden = expectations.length === 0;
  }

  const facts = h('div');
  const verdict = h('p.verdict', { role: 'status', id: 'verdict' });
  const area = h('textarea', { id: 'pattern', spellcheck: 'false', autocomplete: 'off', rows: 16, 'aria-describedby': 'pattern-error' });
  const wrong = h('p.error', { id: 'pattern-error', role: 'alert' });
  const nearest = h('div', { id: 'nearest' });
  let own; // the pattern that was typed last, as it is in the address
  let of; // the id of the expectation whose pattern it is
  const edited = () => {
    if (of !== now.id) return;
    own = area.value;
    typed.set(of, own);
    go(change({ pattern: own, from: '' }), { replace: true });
  };
  area.addEventListener('input', later(edited, 200, signal, true));

  const tryIt = async () => {
    const mine = end.signal;
    const text = area.value;
    try {
      const counted = await admin('/requests/count', { method: 'POST', body: text, signal: mine });
      const { nearMisses } = await admin('/near-misses/request-pattern', { method: 'POST', body: text, signal: mine });
      if (text !== area.value) return;
      wrong.textContent = '';
      area.removeAttribute('aria-invalid');
      judge(counted);
      replace(nearest, counted.count > 0 && [h('h3', counted.count > counted.newest.length ? 'The newest that match' : 'Requests that match'), counted.newest.map((one) => miss(one))],
        h('h3', 'Nearest requests'), nearMisses.length === 0 && h('p.quiet', counted.count > 0 ? 'No other request comes near.' : 'No request comes near.'), nearMisses.map(nearer));
    } catch (error) {
      if (error.name === 'AbortError' || !error.status) return;
      wrong.textContent = [error.field, error.message].filter(Boolean).join(': ');
      area.setAttribute('aria-invalid', 'true');
      setText(verdict, '');
    }
  };

  function judge({ count, incomplete, evicted }) {
    const met = meets(known?.want, count);
    const otherwise = known && failedOtherwise(known);
    verdict.className = `verdict ${otherwise || (incomplete && !met) ? 'warn' : met ? 'good' : 'bad'}`;
    setText(verdict, `The pattern matches ${plural(count, 'request')}${otherwise ? '. Why it failed is in what was reported' : known ? `; ${wanted(known.want)}` : ''}.${evicted > 0 ? ' Older requests were evicted.' : incomplete ? ' Others are not decided yet.' : ''}`);
  }

  const take = async (id) => {
    const text = await admin(`/requests/${id}/export?format=wiremock`, { signal: end.signal, raw: true });
    area.value = escaped(text.trim());
    of = now.id;
    edited();
  };

  const nearer = (one) => miss(one, button('Take its pattern', attempt(() => take(one.id)), { 'data-key': `take ${one.id}` }));

  const back = h('a', { href: to('expectations'), class: 'narrow-only' }, 'Back to the list');
  const pane = h('section.pane', { 'aria-label': 'Pattern' },
    h('div.head', back), facts,
    h('div.sides',
      h('div',
        h('label', { for: 'pattern' }, 'Pattern'), area, wrong, verdict,
        h('div.actions', button('Copy the pattern', () => copy(area.value, 'Pattern'), { class: 'main' }), button('Put it back', () => { typed.delete(now.id); go(change({ pattern: '', from: '' }), { replace: true }); show({ ...now, params: {} }); }))),
      nearest));

  async function show(route) {
    const same = end && now.id === route.id;
    now = route;
    stage.classList.toggle('opened', Boolean(now.id || now.params.pattern || now.params.from));
    rows.pick(now.id);
    if (!same) {
      end?.abort();
      end = ending(signal);
      known = undefined;
      replace(facts);
      replace(nearest);
    }
    const mine = end.signal;
    try {
      if (now.id && !known) {
        const text = await admin(`/expectations/${encodeURIComponent(now.id)}`, { signal: mine, raw: true });
        const pattern = members(text).get('pattern');
        known = { ...JSON.parse(text), pattern: pattern && escaped(indent(pattern).pieces.map((piece) => piece.text).join('')) };
      }
    } catch (error) {
      if (mine.aborted) return;
      document.title = `${title} · losantmock`;
      setText(verdict, '');
      return replace(facts, h('h3', 'No such expectation'), h('p', error.message));
    }
    if (!same) replace(facts, known ? about(known) : h('h3', 'A pattern of your own'));
    document.title = `${known ? `Expectation ${now.id}` : title} · losantmock`;
    if (now.params.from && !now.params.pattern) {
      try {
        return await take(now.params.from);
      } catch (error) {
        if (mine.aborted) return;
        replace(facts, h('h3', 'A pattern of your own'), h('p.note.bad', outside(error.message)));
      }
    }
    const { pattern = typed.get(now.id) ?? (known ? known.pattern ?? '{}' : example) } = now.params;
    of = now.id;
    if (!same || pattern !== own) {
      area.value = pattern;
      own = undefined;
    }
    tryIt();
  }

  replace(stage, h('h2.away', title),
    h('section.listing', { 'aria-label': 'Failed' }, h('div.bar', h('strong', 'Failed expectations'), h('span.grow'), h('a', { href: to('expectations', { pattern: example }), class: 'button' }, 'New pattern')), h('div.scroller', none, list)),
    pane);
  const look = later(() => end && tryIt(), 500, signal);
  // After a reset another expectation has the id, or none until one fails.
  const again = () => {
    end.abort();
    end = undefined;
    return show(now);
  };
  source.events((events) => {
    if (happened(events, 'expectation', 'reset', 'refresh')) attempt(loadList)();
    if (now.id && (happened(events, 'reset', 'refresh') || (!known && happened(events, 'expectation')))) again();
    else if (happened(events, 'request', 'removed', 'reset', 'refresh')) look();
  }, signal);
  attempt(loadList)();
  show(start);
  return show;
}

function about(e) {
  return [
    h('h3', { tabindex: '-1' }, e.test ? [outside(e.test), ' failed'] : `Expectation ${e.id}: ${e.verdict}`),
    h('p.quiet', `${{ count: 'A count', wait: 'A wait', go: 'A Go assertion' }[e.source] ?? plain(e.source)} at ${when(e.at)}: ${wanted(e.want)}, ${plural(e.matched, 'request')} matched${e.verdict === 'incomplete' ? ', and it was not decided whether others do' : ''}.`),
    !e.pattern && h('p.note.warn', 'No pattern says what was wanted: the message does. {} matches every request.'),
    h('details', { open: failedOtherwise(e) }, h('summary', 'What was reported'), h('pre', { tabindex: '0', role: 'region', 'aria-label': 'Message' }, marked(e.message, true))),
    e.nearMisses?.length > 0 && h('details', h('summary', `What came nearest then`), e.nearMisses.map((one) => miss(one))),
  ];
}

// miss shows a request that came near, and what differs.
const miss = ({ id, request, differences }, action) => h('article.miss',
  h('div.bar', h('a', { href: to('requests', { id: id ?? request.id }) }, outside(request.method), ' ', outside(request.url ?? request.target, { class: 'target' })), h('span.grow'), action),
  differences?.length > 0 && h('table.differences',
    h('caption.away', 'What differs'),
    h('thead', h('tr', ['Field', 'Wanted', 'Got'].map((text) => h('th', { scope: 'col' }, text)))),
    h('tbody', differences.flatMap(rowsOf).map(({ text, field, want, got }) => h('tr', text ? h('td', { colspan: 3 }, outside(text, {}, true)) : [
      h('th', { scope: 'row' }, outside(field)), h('td', { 'data-name': 'Wanted' }, outside(want, {}, true)), h('td', { 'data-name': 'Got', class: 'bad' }, outside(got || 'nothing', {}, true))])))));

const meets = (want, count) => {
  if (!want) return count > 0;
  if (want.exactly !== undefined) return count === want.exactly;
  return count >= (want.atLeast ?? 0);
};

// failedOtherwise reports whether not the number of matches was wrong, but their order, say.
const failedOtherwise = ({ pattern, want, matched, verdict }) => !pattern || (verdict === 'failed' && meets(want, matched));

const wanted = ({ exactly, atLeast }) => (exactly !== undefined ? `wanted exactly ${exactly}` : `wanted at least ${atLeast}`);
