// What several parts of the page show. A part watches the members that it shows,
// until its signal ends.

export function createStore(state) {
  const watching = new Set();
  return {
    get: (name) => state[name],
    set(members) {
      const changed = Object.keys(members).filter((name) => state[name] !== members[name]);
      state = { ...state, ...members };
      for (const { names, tell } of [...watching]) if (names.some((name) => changed.includes(name))) tell(state);
    },
    watch(names, tell, signal) {
      const entry = { names, tell };
      if (signal?.aborted) return;
      watching.add(entry);
      signal?.addEventListener('abort', () => watching.delete(entry));
      tell(state);
    },
  };
}

export const store = createStore({
  connection: { state: 'connecting' }, // or live, down, refused, gone (of a sandbox), with a reason
  tokenKept: false,
  sandboxes: undefined, // until they are read
  trouble: [], // what health reports, in sentences
  report: undefined, // of the contract's suite
});
