// A list whose elements belong to items: what stays is not made again, so that
// the focus, the pointer and an open menu stay where they are.

// keyedList shows items as children of a container. `key` returns what an item is
// known by, `create` makes its element, and `update` writes a changed item into the
// element that it has.
export function keyedList(container, { key, create, update }) {
  const shown = new Map(); // key: {element, item}

  const put = (item, id) => {
    if (!shown.has(id)) shown.set(id, { element: create(item) });
    const known = shown.get(id);
    if (known.item !== item) {
      known.item = item;
      update?.(known.element, item);
    }
    return known.element;
  };

  return {
    // show makes the list of these items, in this order.
    show(items) {
      const wanted = new Map(items.map((item) => [key(item), item]));
      for (const [id, { element }] of shown) {
        if (wanted.has(id)) continue;
        element.remove();
        shown.delete(id);
      }
      const focused = container.ownerDocument?.activeElement;
      let next = container.firstChild;
      for (const [id, item] of wanted) {
        const element = put(item, id);
        if (element === next) next = element.nextSibling;
        else container.insertBefore(element, next);
      }
      // An element that was moved has lost the focus.
      if (focused && focused !== container.ownerDocument.activeElement && container.contains(focused)) focused.focus({ preventScroll: true });
    },
    // change writes an item that is shown already, where it is.
    change(item) {
      if (shown.has(key(item))) put(item, key(item));
    },
    element: (id) => shown.get(id)?.element,
    elementOf: (item) => shown.get(key(item))?.element,
    item: (id) => shown.get(id)?.item,
    items: () => [...shown.values()].map(({ item }) => item),
  };
}

// rowList is a keyed list of rows that are links. One may be current; the arrow keys lead
// from one to the next, and Tab to one of them.
export function rowList(container, options) {
  const list = keyedList(container, options);
  const links = () => [...container.querySelectorAll('a')];
  const reached = () => links().find((a) => a.tabIndex === 0);
  let current; // its key
  const mark = () => {
    const one = list.element(current)?.firstChild;
    const all = links();
    const next = one ?? all.find((a) => a === document.activeElement) ?? reached() ?? all[0];
    for (const a of all) {
      a.tabIndex = a === next ? 0 : -1;
      if (a === one) a.setAttribute('aria-current', 'true');
      else a.removeAttribute('aria-current');
    }
  };
  container.addEventListener('keydown', (event) => {
    const all = links();
    const at = all.indexOf(document.activeElement);
    const next = all[{ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
    mark();
  });
  return {
    ...list, links,
    show(items) {
      const focused = container.contains(document.activeElement);
      list.show(items);
      mark();
      if (focused && !container.contains(document.activeElement)) reached()?.focus({ preventScroll: true });
    },
    // pick makes the row of a key the current one.
    pick(id) {
      current = id;
      mark();
    },
    enter: () => reached()?.focus(),
  };
}
