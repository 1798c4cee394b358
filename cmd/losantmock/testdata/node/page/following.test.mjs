// Rows that keep their places while others arrive, and the filters of requests.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

const at = new URL('../../../../../mockserver/internal/admin/page/', import.meta.url);
const { following } = await import(new URL('following.js', at));
const { asked, narrowing, toggled } = await import(new URL('filters.js', at));

// server has rows, newest first, of sequences that rise; what it is asked stands in calls.
function server() {
  const all = [];
  const calls = [];
  return {
    calls,
    hang: false,
    arrive(n = 1) { for (let i = 0; i < n; i++) all.unshift({ sequence: all.length + 1 }); },
    async read(params, signal) {
      const { limit, offset = 0, upTo = Infinity } = params;
      calls.push(params);
      if (this.hang) await new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); });
      const found = all.filter(({ sequence }) => sequence <= upTo);
      return { rows: found.slice(offset, offset + limit), meta: { total: all.length, matched: found.length, newest: all.length, newer: all.length - found.length } };
    },
  };
}

// follow returns what follows a server, with `next`, the next change or error of it.
function follow(t, { limit } = {}) {
  const end = new AbortController();
  t.after(() => end.abort());
  const from = server();
  let tell;
  let next = new Promise((resolve) => { tell = resolve; });
  const happened = (what) => {
    const before = tell;
    next = new Promise((resolve) => { tell = resolve; });
    before(what);
  };
  const one = { from, held: false, next: () => next };
  one.rows = following({ read: (...all) => from.read(...all), held: () => one.held, changed: happened, failed: (text) => { if (text) happened(text); }, signal: end.signal, limit });
  return one;
}
const sequences = ({ rows }) => rows.rows().map(({ sequence }) => sequence);

describe('rows', () => {
  it('are read again when something arrives', async (t) => {
    const one = follow(t);
    await one.rows.load();
    assert.equal(one.rows.loaded(), true);
    one.from.arrive(2);
    await one.rows.refresh();
    assert.deepEqual(sequences(one), [2, 1]);
  });
  it('keep their places while somebody is at them, and count what is new', async (t) => {
    const one = follow(t);
    one.from.arrive(2);
    await one.rows.load();
    one.held = true;
    one.from.arrive(3);
    await one.rows.refresh();
    assert.deepEqual([sequences(one), one.rows.meta().newer, one.from.calls.at(-1)], [[2, 1], 3, { limit: 0, upTo: 2 }]);
    await one.rows.load();
    assert.deepEqual([sequences(one), one.rows.meta().newer], [[5, 4, 3, 2, 1], 0]);
  });
  it('keep their places when somebody has come to them while they were read', async (t) => {
    const one = follow(t);
    one.from.arrive(2);
    await one.rows.load();
    one.from.arrive(3);
    const read = one.from.read;
    one.from.read = async (...all) => { one.held = true; one.from.read = read; return one.from.read(...all); };
    await one.rows.refresh();
    assert.deepEqual(sequences(one), [2, 1]);
    assert.equal(await one.next(), false);
    assert.deepEqual([sequences(one), one.rows.meta().newer], [[2, 1], 3]);
  });
  it('keep their places while they are paused', async (t) => {
    const one = follow(t);
    one.from.arrive();
    await one.rows.load();
    one.from.arrive();
    assert.equal(one.rows.pause(), true);
    one.rows.arrived([{ sequence: 2 }]);
    assert.deepEqual(sequences(one), [1]);
    await one.next();
    assert.deepEqual([sequences(one), one.rows.meta().newer], [[1], 1]);
    assert.equal(one.rows.pause(), false);
    assert.equal(await one.next(), true);
    assert.deepEqual(sequences(one), [2, 1]);
  });
  it('come in their order, each once', async (t) => {
    const one = follow(t);
    one.from.arrive();
    await one.rows.load();
    one.rows.arrived([{ sequence: 2, pending: true }, { sequence: 4 }, { sequence: 3 }, { sequence: 2 }, { sequence: 1 }]);
    assert.deepEqual(one.rows.rows(), [{ sequence: 4 }, { sequence: 3 }, { sequence: 2 }, { sequence: 1 }]);
    assert.equal(one.rows.meta().total, 4);
  });
  it('come as soon as nobody is at them any more', async (t) => {
    const one = follow(t);
    one.from.arrive();
    await one.rows.load();
    one.held = true;
    one.from.arrive();
    const counted = one.next();
    await one.rows.refresh();
    assert.equal(await counted, false);
    one.held = false;
    assert.equal(await one.next(), true);
    assert.deepEqual(sequences(one), [2, 1]);
  });
  it('that arrive are put on top once', async (t) => {
    const one = follow(t);
    one.from.arrive(1);
    await one.rows.load();
    one.rows.arrived([{ sequence: 2 }]);
    one.rows.arrived([{ sequence: 2 }]);
    assert.deepEqual([sequences(one), one.rows.meta().matched, one.from.calls.length], [[2, 1], 2, 1]);
  });
  it('stay where they are when a look that began before them ends', async (t) => {
    const one = follow(t);
    one.from.arrive(1);
    await one.rows.load();
    const read = one.from.read;
    one.from.read = async (...all) => {
      const found = await read.apply(one.from, all);
      one.from.arrive(2);
      one.rows.arrived([{ sequence: 2, pending: true }, { sequence: 2 }]);
      one.rows.arrived([{ sequence: 3 }]);
      return found;
    };
    await one.rows.load();
    assert.deepEqual(one.rows.rows(), [{ sequence: 3 }, { sequence: 2 }, { sequence: 1 }]);
    assert.equal(one.rows.meta().matched, 3);
  });
  it('have more behind them, which are those of the same look', async (t) => {
    const one = follow(t);
    one.from.arrive(150);
    await one.rows.load();
    assert.equal(one.rows.left(), 50);
    one.from.arrive(10);
    await one.rows.more();
    assert.deepEqual([sequences(one).length, sequences(one).at(0), sequences(one).at(-1), one.rows.left()], [150, 150, 1, 0]);
  });
  it('are forgotten when others are asked for', async (t) => {
    const one = follow(t);
    one.from.arrive();
    await one.rows.load();
    one.rows.forget();
    assert.deepEqual([sequences(one), one.rows.loaded()], [[], false]);
    await one.rows.more();
    assert.equal(one.from.calls.length, 1);
  });
  it('go on after a look that never ends', async (t) => {
    const one = follow(t, { limit: 20 });
    one.from.arrive();
    await one.rows.load();
    one.from.hang = true;
    one.from.arrive();
    const failed = one.next();
    await one.rows.refresh();
    assert.match(await failed, /did not respond in time/);
    one.from.hang = false;
    assert.equal(await one.next(), true); // without another event
    assert.deepEqual(sequences(one), [2, 1]);
  });
  it('are looked at once for many events', async (t) => {
    const one = follow(t);
    await one.rows.load();
    one.from.arrive();
    const first = one.rows.refresh();
    for (let i = 0; i < 10; i++) one.rows.refresh();
    await first;
    await one.next();
    assert.equal(one.from.calls.length, 3);
  });
});

describe('filters', () => {
  it('are the parameters of the address that have a value', () => {
    const params = { q: 'door', status: '', sort: 'duration', direction: 'asc', id: 'x', sandbox: 'box' };
    assert.deepEqual(asked(params), { q: 'door', sort: 'duration', direction: 'asc' });
    assert.deepEqual(narrowing(params), { q: 'door' });
  });
  for (const [name, params, filter, value, want] of [
    ['one is switched on', {}, 'errors', 'true', { errors: 'true' }],
    ['and off', { errors: 'true' }, 'errors', 'true', { errors: '' }],
    ['a status is added to others', { status: '404' }, 'status', '5xx', { status: '404,5xx' }],
    ['and taken out', { status: '404,5xx' }, 'status', '404', { status: '5xx' }],
  ]) it(name, () => assert.deepEqual(toggled(params, filter, value), want));
});
