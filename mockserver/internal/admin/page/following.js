// Rows that are read from the server, newest first, and keep their places while others
// arrive: those are counted, and come on demand.

// pageSize is how many rows are read at once.
export const pageSize = 100;

// aiming is how long the rows keep still after the pointer has moved or a key was pressed at
// one, in milliseconds: who aims at one finds it where it was.
export const aiming = 1500;

// How long a look may take, and how long the rest after one lasts, in milliseconds.
const patience = 10000;
const rest = { least: 100, most: 2000 };

// following reads rows. `read` returns {rows, meta} for {limit, offset, upTo}, and ends
// with a signal; `held` reports whether somebody is at the rows now; `changed` is told of
// new rows, or with false of a new meta alone, and `failed` of an error, or of its end.
export function following({ read, held, changed, failed, signal, limit = patience }) {
  let rows = [];
  let meta = { total: 0, matched: 0, newer: 0, newest: 0 };
  let upTo; // the newest row that is shown or was looked at
  let loaded = false; // whether the rows are those that are asked for
  let adding = false;
  let paused = false;
  let busy = false;
  let again = false;
  let waiting;
  let late = []; // what has arrived since the rows were asked for
  const calls = {}; // what ends the last call for the `rows`, for `more` of them, and for their `number`

  // still reports whether the rows keep their places now. An empty list has none.
  const still = () => rows.length > 0 && (adding || paused || held());
  const end = () => { for (const one of Object.values(calls)) one.abort(); };

  async function call(purpose, params) {
    calls[purpose]?.abort();
    const mine = new AbortController();
    calls[purpose] = mine;
    try {
      const found = await read(params, AbortSignal.any([signal, mine.signal, AbortSignal.timeout(limit)]));
      mine.signal.throwIfAborted();
      failed('');
      return found;
    } catch (error) {
      if (error.name !== 'TimeoutError') throw error;
      again = true;
      throw new Error('The server did not respond in time; it is asked again.');
    }
  }

  // load reads the rows. They are left out when `unwanted` says so by the time that they come.
  async function load(unwanted = () => false) {
    let found;
    late = [];
    try {
      found = await call('rows', { limit: Math.max(pageSize, Math.min(rows.length, 500)) });
    } catch (error) {
      if (error.name !== 'AbortError') failed(error.message);
      return;
    }
    if (unwanted()) {
      again = true; // for their number
      return;
    }
    ({ rows, meta } = found);
    end(); // of calls about the rows before
    loaded = true;
    upTo = meta.newest;
    add(late); // the server may have listed the rows before
    changed(true);
  }

  // add puts new rows on top, and reports whether there were any. Of one that comes twice,
  // the last is taken.
  function add(all) {
    const news = new Map(all.filter(({ sequence }) => sequence > upTo).map((row) => [row.sequence, row]));
    if (news.size === 0) return false;
    const added = [...news.values()].sort((a, b) => b.sequence - a.sequence);
    rows = [...added, ...rows].slice(0, Math.max(pageSize, rows.length));
    upTo = rows[0].sequence;
    meta = { ...meta, total: meta.total + added.length, matched: meta.matched + added.length };
    return true;
  }

  // refresh follows what arrives: with the rows, or with their number alone while they
  // keep still. One look at a time, and after a slow one a longer rest.
  async function refresh() {
    again = true;
    if (busy) return;
    busy = true;
    again = false;
    const began = performance.now();
    // Somebody may come to the rows while they are read.
    if (!loaded || !still()) await load(() => loaded && still());
    else {
      try {
        ({ meta } = await call('number', { limit: 0, upTo }));
        changed(false);
      } catch (error) {
        if (error.name !== 'AbortError') failed(error.message);
      }
    }
    setTimeout(() => {
      busy = false;
      if (signal.aborted) return;
      if (again) return refresh();
      clearTimeout(waiting);
      if (meta.newer > 0 && !paused) waiting = setTimeout(() => { if (!still()) refresh(); }, aiming);
    }, Math.min(rest.most, Math.max(rest.least, 2 * (performance.now() - began))));
  }

  return {
    refresh,
    load: () => load(),
    rows: () => rows,
    meta: () => meta,
    loaded: () => loaded,
    left: () => meta.matched - rows.length,
    async more() {
      if (!loaded) return;
      calls.rows?.abort(); // it would take the place of what is added to
      adding = true;
      try {
        const found = await call('more', { limit: pageSize, offset: rows.length, upTo });
        rows = [...rows, ...found.rows];
        ({ meta } = found);
        changed(true);
      } finally {
        adding = false;
      }
    },
    // arrived puts new rows on top, unless the rows keep still.
    arrived(all) {
      if (!loaded || still()) return;
      late.push(...all);
      if (add(all)) changed(true);
    },
    // forget drops the rows, since others are asked for from now on.
    forget() {
      end();
      rows = [];
      loaded = false;
    },
    pause() {
      paused = !paused;
      refresh();
      return paused;
    },
  };
}
