// The list of requests or triggers beside what was picked of it, as it follows a world.

import { attempt, button, h, number, plural, replace, setText } from './dom.js';
import { narrowing } from './filters.js';
import { aiming, following, pageSize } from './following.js';
import { happened, source } from './source.js';

// followed shows the rows of `read`, requests or triggers, in a list, with how many there
// are and what holds them. `asked` returns the filters and the order that `read` gets with
// the part, and `nothing` what is in the place of an empty list.
export function followed({ list, keyed, type, read, asked = () => ({}), nothing, failed, signal }) {
  let moved = -Infinity;
  let inside = false; // whether the pointer is over the list
  const count = h('span', { id: 'count', role: 'status' });
  const fresh = button('', () => { scroller.scrollTop = 0; rows.load(); }, { id: 'fresh', class: 'main', hidden: true });
  const pause = button('Pause', () => pause.setAttribute('aria-pressed', String(rows.pause())), { id: 'pause', 'aria-pressed': 'false' });
  const older = button('', attempt(() => rows.more()), { id: 'older', hidden: true });
  const empty = h('div.empty');
  const scroller = h('div.scroller', list, empty, older);

  const rows = following({
    failed, signal, changed: fill,
    async read(part, ended) {
      const found = await read({ ...asked(), ...part }, ended);
      return { rows: found[`${type}s`], meta: { ...found.meta, evicted: found.evicted } };
    },
    held: () => inside || scroller.scrollTop > 0 || performance.now() - moved < aiming || !matchMedia('(hover: hover)').matches,
  });

  function fill(whole) {
    const meta = rows.meta();
    const kept = `${plural(meta.total, type)}${meta.evicted > 0 ? ', older ones were evicted' : ''}`;
    setText(count, Object.keys(narrowing(asked())).length > 0 ? `${number(meta.matched)} of ${kept}` : kept);
    fresh.hidden = !(meta.newer > 0);
    setText(fresh, `${number(meta.newer ?? 0)} new`);
    if (!whole) return;
    keyed.show(rows.rows());
    const missing = rows.rows().length === 0;
    empty.hidden = !missing;
    list.hidden = missing;
    if (missing) replace(empty, rows.loaded() ? nothing() : h('p.quiet', 'Loading …'));
    const left = rows.left();
    older.hidden = left <= 0;
    setText(older, `Show ${Math.min(left, pageSize)} more of ${number(left)}`);
  }

  scroller.addEventListener('pointerenter', () => { inside = true; });
  scroller.addEventListener('pointerleave', () => { inside = false; rows.refresh(); });
  const aims = () => { moved = performance.now(); };
  addEventListener('pointermove', aims, { signal, passive: true });
  list.addEventListener('keydown', aims);
  source.events((events) => {
    for (const { type: kind, data } of events) {
      if (kind === type) keyed.change({ ...data });
      if (kind === 'reset') rows.forget();
      if (kind === 'removed') {
        const gone = new Set(data.ids);
        for (const row of keyed.items()) if (gone.has(row.requestId ?? row.id)) keyed.elementOf(row).classList.add('removed');
      }
    }
    // Without a filter the newest is on top: it need not be asked for.
    if (Object.keys(asked()).length === 0) rows.arrived(events.filter((one) => one.type === type).map(({ data }) => data));
    if (happened(events, 'refresh')) rows.load();
    else if (happened(events, type, 'removed', 'reset', 'incomplete')) rows.refresh();
  }, signal);
  fill(true);
  rows.load();
  return { ...rows, scroller, bar: h('div.bar', count, fresh, source.live && pause) };
}
