// A list whose elements belong to items: what stays is never made again, so that
// the focus, the pointer and an open menu stay where they are.

// keyedList shows items as children of a container. `key` returns what an item is
// known by, `create` makes its element, and `update` writes a changed item into the
// element that it has.
export function keyedList(container, { key, create, update }) {
  const shown = new Map(); // key: {element, item}

  const put = (item, id) => {
    const known = shown.get(id);
    if (!known) {
      const element = create(item);
      shown.set(id, { element, item });
      update?.(element, item);
      return element;
    }
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
    item: (id) => shown.get(id)?.item,
    items: () => [...shown.values()].map(({ item }) => item),
  };
}
