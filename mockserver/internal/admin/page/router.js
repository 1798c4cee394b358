// The address is the state: #/VIEW/ID?PARAMETERS. A reload, a bookmark and the
// back button lead to what was shown.

export function parse(hash) {
  const [path, query = ''] = split(hash.replace(/^#\/?/, ''), '?');
  const [view, id] = split(path, '/').map(decode);
  return { view: view || 'requests', id: id ?? '', params: Object.fromEntries(new URLSearchParams(query)) };
}

const split = (text, separator) => {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function query(params) {
  const text = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== '')).toString();
  return text && `?${text}`;
}

// address returns the hash of a route.
export const address = ({ view, id = '', params = {} }) => `#/${view}${id === '' ? '' : `/${encodeURIComponent(id)}`}${query(params)}`;

export const route = () => parse(location.hash);

// to returns the address of a view of the same world.
export const to = (view, params = {}, id = '') => address({ view, id, params: { sandbox: route().params.sandbox, ...params } });

// change returns the present address with other parameters.
export const change = (params) => {
  const now = route();
  return address({ ...now, params: { ...now.params, ...params } });
};

// go shows an address. One that replaces the present one leaves no step for the
// back button.
export function go(hash, { replace = false } = {}) {
  if (hash === location.hash) return;
  if (!replace) {
    location.hash = hash;
    return;
  }
  history.replaceState(null, '', hash);
  dispatchEvent(new Event('hashchange'));
}
