// JSON is indented, never encoded again: numbers, doubled keys, the order of keys
// and escapes stay as they were sent.

const token = /"[^]*?(?<!\\)(?:\\\\)*"|[{}[\],:]|[^\s{}[\],:"]+/g; // of valid JSON
const isEnd = (one) => one === '}' || one === ']';
const isBeginning = (one) => one === '{' || one === '[';

const deepest = 40; // levels that are indented

// indent returns JSON as pieces, {kind, text}, whose texts make the indented whole;
// undefined for a text that is not JSON. The piece of the value at the path `marked`,
// keys joined by dots, is marked; a key that its object has already is doubled. After
// `limit` pieces the rest is left out, and `more` is true.
export function indent(text, { marked, limit = Infinity } = {}) {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const pieces = [];
  const stack = []; // of {list, keys, key, index}
  let begun; // {text, mark} of an object or a list, whose end may be the next token
  const add = (kind, piece, extra) => pieces.push({ kind, text: piece, ...extra });
  const line = () => add('space', `\n${'  '.repeat(Math.min(stack.length, deepest))}`);
  const isMarked = () => marked !== undefined && stack.map((f) => (f.list ? f.index : f.key)).join('.') === marked;
  for (const [one] of text.matchAll(token)) {
    if (pieces.length >= limit) break;
    if (begun) {
      const { text: before, mark } = begun;
      begun = undefined;
      if (isEnd(one)) {
        add('punctuation', before + one, mark);
        continue;
      }
      add('punctuation', before, mark);
      stack.push({ list: before === '[', keys: new Set(), index: 0 });
      line();
    }
    const frame = stack.at(-1);
    if (isEnd(one)) {
      stack.pop();
      line();
      add('punctuation', one);
    } else if (one === ',') {
      add('punctuation', ',');
      line();
      frame.index++;
      frame.key = undefined;
    } else if (one === ':') add('punctuation', ': ');
    else if (frame && !frame.list && frame.key === undefined) {
      frame.key = JSON.parse(one);
      add('key', one, frame.keys.has(frame.key) && { doubled: true });
      frame.keys.add(frame.key);
    } else {
      const mark = isMarked() && { marked: true };
      if (isBeginning(one)) begun = { text: one, mark };
      else add(one[0] === '"' ? 'string' : /[tfn]/.test(one[0]) ? 'word' : 'number', one, mark);
    }
  }
  return { pieces: pieces.slice(0, limit), more: stack.length > 0 || begun !== undefined || pieces.length > limit };
}

// inner yields what stands between the commas of an object or a list of valid JSON.
function* inner(text) {
  let depth = 0;
  let from;
  let end;
  for (const { 0: one, index } of text.matchAll(token)) {
    if (depth === 1 && (one === ',' || isEnd(one))) {
      if (from !== undefined) yield text.slice(from, end);
      from = undefined;
    } else if (depth > 0) from ??= index;
    depth += isBeginning(one) - isEnd(one);
    end = index + one.length;
  }
}

// members returns the texts of an object's values by their keys, as they stand in
// valid JSON.
export function members(text) {
  const found = new Map();
  for (const member of inner(text)) {
    const [[key]] = member.matchAll(token);
    found.set(JSON.parse(key), member.slice(member.indexOf(':', key.length) + 1).trim());
  }
  return found;
}

export const elements = (text) => [...inner(text)];
