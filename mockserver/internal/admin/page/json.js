// JSON is indented, never encoded again: numbers, doubled keys, the order of keys
// and escapes stay as they were sent.

const blank = /[ \t\n\r]*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const deepest = 40; // levels that are indented

// stringEnd returns where the string that begins at a quote ends; -1 for none.
function stringEnd(text, at) {
  for (at++; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 34) return at + 1;
    if (character < 32) return -1;
    if (character === 92) {
      escape.lastIndex = at;
      if (!escape.test(text)) return -1;
      at = escape.lastIndex - 1;
    }
  }
  return -1;
}

// indent returns JSON as pieces, {kind, text}, whose texts make the indented whole;
// undefined for a text that is not JSON. The piece of the value at the path `marked`,
// keys joined by dots, is marked; a key that its object has already is doubled. After
// `limit` pieces the rest is left out, and `more` is true.
export function indent(text, { marked, limit = Infinity } = {}) {
  const pieces = [];
  const stack = []; // of {list, keys, key, index}
  let at = 0;
  let more = false;
  const add = (kind, piece, extra) => {
    if (pieces.length < limit) pieces.push({ kind, text: piece, ...extra });
    else more = true;
  };
  const line = () => add('space', `\n${'  '.repeat(Math.min(stack.length, deepest))}`);
  const isMarked = () => marked !== undefined && stack.map((f) => (f.list ? f.index : f.key)).join('.') === marked;
  const skip = () => {
    blank.lastIndex = at;
    blank.test(text);
    at = blank.lastIndex;
  };
  // value reads a scalar, or the beginning of an object or a list.
  const value = () => {
    const mark = isMarked() ? { marked: true } : undefined;
    const first = text[at];
    if (first === '{' || first === '[') {
      const end = first === '{' ? '}' : ']';
      at++;
      skip();
      if (text[at] === end) {
        at++;
        add('punctuation', first + end, mark);
        return true;
      }
      add('punctuation', first, mark);
      stack.push({ list: first === '[', keys: new Set(), index: 0 });
      line();
      return first === '[' ? value() : key();
    }
    let end = -1;
    if (first === '"') end = stringEnd(text, at);
    else {
      scalar.lastIndex = at;
      if (scalar.test(text)) end = scalar.lastIndex;
    }
    if (end < 0) return false;
    add(first === '"' ? 'string' : /[tfn]/.test(first) ? 'word' : 'number', text.slice(at, end), mark);
    at = end;
    return true;
  };
  const key = () => {
    const end = text[at] === '"' ? stringEnd(text, at) : -1;
    if (end < 0) return false;
    const frame = stack.at(-1);
    const sent = text.slice(at, end);
    frame.key = JSON.parse(sent);
    add('key', sent, frame.keys.has(frame.key) ? { doubled: true } : undefined);
    frame.keys.add(frame.key);
    at = end;
    skip();
    if (text[at] !== ':') return false;
    at++;
    skip();
    add('punctuation', ': ');
    return value();
  };

  try {
    skip();
    if (!value()) return undefined;
    for (;;) {
      skip();
      if (stack.length === 0) return at === text.length ? { pieces, more } : undefined;
      const frame = stack.at(-1);
      const next = text[at++];
      if (next === (frame.list ? ']' : '}')) {
        stack.pop();
        line();
        add('punctuation', next);
      } else if (next === ',') {
        add('punctuation', ',');
        line();
        skip();
        frame.index++;
        if (!(frame.list ? value() : key())) return undefined;
      } else return undefined;
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined; // nested too deep to be read by a person
    throw error;
  }
}

// valueEnd returns where a value of valid JSON ends that begins at an index.
function valueEnd(text, at) {
  let depth = 0;
  for (; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at) - 1;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth--;
    } else if (character === ',' && depth === 0) return at;
  }
  return at;
}

// inner yields what stands between the commas of an object or a list of valid JSON.
function* inner(text) {
  const whole = text.trim();
  for (let at = 1; at < whole.length - 1;) {
    const end = valueEnd(whole, at);
    if (whole.slice(at, end).trim() !== '') yield whole.slice(at, end).trim();
    at = end + 1;
  }
}

// members returns the texts of an object's values by their keys, as they stand in
// valid JSON.
export function members(text) {
  const found = new Map();
  for (const member of inner(text)) {
    const end = stringEnd(member, 0);
    found.set(JSON.parse(member.slice(0, end)), member.slice(member.indexOf(':', end) + 1).trim());
  }
  return found;
}

// elements returns the texts of a list's elements.
export const elements = (text) => [...inner(text)];
