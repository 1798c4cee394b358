// What somebody has typed, as values. An error names the field that is wrong.

export const wrong = (field, text) => Object.assign(new Error(text), { field });

// about returns a handler of errors that are about a field.
export const about = (field) => (error) => { throw Object.assign(error, { field }); };

export function wholeNumber(field, text) {
  if (text.trim() === '') return undefined;
  if (!/^-?\d+$/.test(text.trim())) throw wrong(field, `${text} is not a whole number`);
  return Number(text);
}

// headerValues returns the values of header fields by name, from lines of "Name: value".
export function headerValues(field, text) {
  const names = new Map(); // as it stands first, by the name in lower case
  const values = {};
  for (const line of text.split(/[\r\n]+/).filter((one) => one.trim() !== '')) {
    const [, name, value] = /^\s*([^:]*[^:\s])\s*:(.*)$/.exec(line) ?? [];
    if (name === undefined) throw wrong(field, `write each as "Name: value", not "${line}"`);
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw wrong(field, `"${name}" can't be the name of a header field`);
    const known = names.get(name.toLowerCase()) ?? name;
    names.set(known.toLowerCase(), known);
    (values[known] ??= []).push(value.trim());
  }
  return values;
}

// headerFields is headerValues where each name has one value.
export const headerFields = (field, text) => Object.fromEntries(Object.entries(headerValues(field, text)).map(([name, [value, second]]) => {
  if (second !== undefined) throw wrong(field, `${name} is there twice`);
  return [name, value];
}));

// escapedIn returns a text as it is in a URL, where some characters have a meaning that it
// is not to have.
const escapedIn = (text, meaning) => encodeURI(text).replace(/%25(?=[\da-f]{2})/gi, '%').replace(meaning, encodeURIComponent);

// targetOf returns a path and a query behind the URL of a webhook, as a request has them.
export const targetOf = (url, path, query) => new URL(url).pathname
  + (path === '/' || path === '' ? '' : escapedIn(path.replace(/^(?!\/)/, '/'), /[?#]/g)) + (query && `?${escapedIn(query.replace(/^\?/, ''), /#/g)}`);
