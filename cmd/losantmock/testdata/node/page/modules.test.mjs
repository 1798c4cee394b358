// The page's modules that need no browser.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

const at = new URL('../../../../../mockserver/internal/admin/page/', import.meta.url);
const { elements, indent, members } = await import(new URL('json.js', at));
const { asLatin, asText, fromBase64, hex } = await import(new URL('bytes.js', at));
const { escaped, plain, split } = await import(new URL('text.js', at));
const { address, parse } = await import(new URL('router.js', at));
const { event } = await import(new URL('stream.js', at));
const { keyedList } = await import(new URL('list.js', at));
const { createStore } = await import(new URL('store.js', at));
const { rowsOf } = await import(new URL('differences.js', at));
const { bearer, toBase64 } = await import(new URL('bytes.js', at));
const { headerFields, headerValues, targetOf, wholeNumber } = await import(new URL('input.js', at));
const { located, toFault, toValues } = await import(new URL('fault.js', at));

const written = (text, options) => indent(text, options)?.pieces.map((piece) => piece.text).join('');
const without = (text) => text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');

describe('JSON is indented as it was sent', () => {
  for (const [name, text, want] of [
    ['a large number', '{"n":12345678901234567890}', '{\n  "n": 12345678901234567890\n}'],
    ['an exponent', '[2e2,1E+5,-0,0.10]', '[\n  2e2,\n  1E+5,\n  -0,\n  0.10\n]'],
    ['a doubled key', '{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
    ['the order of keys', '{"2":0,"1":0}', '{\n  "2": 0,\n  "1": 0\n}'],
    ['escapes', '"\\u0041\\/\\n"', '"\\u0041\\/\\n"'],
    ['empty ones', '{"a":{},"b":[ ]}', '{\n  "a": {},\n  "b": []\n}'],
    ['blanks around', ' \n[ 1 , true ]\t', '[\n  1,\n  true\n]'],
    ['a text beyond the basic plane', '["😀"]', '[\n  "😀"\n]'],
  ]) it(name, () => assert.equal(written(text), want));

  it('drawn values', () => {
    let seed = 7;
    const draw = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
    const value = (depth) => [
      () => String(draw(1e6) - 5e5), () => `${draw(100)}.${draw(100)}e-${draw(9)}`, () => ['true', 'false', 'null'][draw(3)],
      () => JSON.stringify(String.fromCharCode(...Array.from({ length: draw(6) }, () => 1 + draw(3000)))),
      () => (depth > 4 ? '[]' : `[${Array.from({ length: draw(4) }, () => value(depth + 1)).join(', ')}]`),
      () => (depth > 4 ? '{}' : `{${Array.from({ length: draw(4) }, () => `"k${draw(3)}" : ${value(depth + 1)}`).join(' ,')}}`),
    ][draw(6)]();
    for (let i = 0; i < 2000; i++) {
      const text = value(0);
      assert.equal(without(written(text)), without(text));
    }
  });

  for (const text of ['', '{', '{"a"}', '{"a":1,}', '[1,]', '[1 2]', '01', '1.', '.5', '+1', 'tru', '"a', '"\t"', '"\\x"', '"\\u12"', '{a:1}', '[1]]', '1 2', 'NaN', '\u00a01']) {
    it(`${JSON.stringify(text)} is not JSON`, () => {
      assert.throws(() => JSON.parse(text));
      assert.equal(indent(text), undefined);
    });
  }

  it('marks the value at a path, and keys that an object has twice', () => {
    const marked = (text, path) => indent(text, { marked: path }).pieces.filter((piece) => piece.marked).map((piece) => piece.text);
    assert.deepEqual(marked('{"a":{"b":[1,{"c":"x"}]}}', 'a.b.1.c'), ['"x"']);
    assert.deepEqual(marked('{"a":1,"b":{"a":2}}', 'a'), ['1']);
    assert.deepEqual(marked('{"a":{}}', 'a'), ['{}']);
    assert.deepEqual(marked('{"a":1}', ''), ['{']);
    assert.deepEqual(indent('{"a":1,"\\u0061":2,"b":{"a":3}}').pieces.filter((piece) => piece.doubled).map((piece) => piece.text), ['"\\u0061"']);
  });

  it('leaves the rest out behind a limit, and reads very deep values', () => {
    assert.deepEqual(indent('[1,2,3]', { limit: 3 }).pieces.map((piece) => piece.text), ['[', '\n  ', '1']);
    assert.equal(indent('[1,2,3]', { limit: 3 }).more, true);
    assert.equal(indent('[1]').more, false);
    const deep = '['.repeat(1000) + ']'.repeat(1000);
    assert.equal(without(written(deep)), deep);
    assert.equal(indent('[1,2', { limit: 1 }), undefined, 'what is left out is read all the same');
  });

  it('finds members and elements as they were sent', () => {
    assert.deepEqual([...members('{ "a" : [1, {"b": "},"}] , "c\\"" : 2e2}')], [['a', '[1, {"b": "},"}]'], ['c"', '2e2']]);
    assert.deepEqual(elements('[ {"a": ","}, "]", [1,2] , 12345678901234567890 ]'), ['{"a": ","}', '"]"', '[1,2]', '12345678901234567890']);
    assert.deepEqual([...members('{}')], []);
    assert.deepEqual(elements('[ ]'), []);
  });
});

describe('texts from outside', () => {
  const shown = (text, lines) => split(text, lines).map((part) => (part.mark ? `<${part.mark}>` : part.text)).join('');
  for (const [name, text, want, lines] of [
    ['plain text', 'Door "opened" שלום 😀', 'Door "opened" שלום 😀'],
    ['a mark that turns the direction', 'a\u202Eb', 'a<U+202E>b'],
    ['isolates and marks', '\u2066\u2069\u200f\u061c', '<U+2066><U+2069><U+200F><U+061C>'],
    ['controls', 'a\0\x1b[1m\x7f\x9b', 'a<U+0000><U+001B>[1m<U+007F><U+009B>'],
    ['blanks without width', 'a\u200b\ufeff\u00adb', 'a<U+200B><U+FEFF><U+00AD>b'],
    ['tags', '\u{e0041}', '<U+E0041>'],
    ['half of a pair', '\ud800x', '<U+D800>x'],
    ['lines of a block', 'a\n\tb\r', 'a\n\tb<U+000D>', true],
    ['lines in a line', 'a\nb', 'a<U+000A>b'],
  ]) it(name, () => assert.equal(shown(text, lines), want));
  it('in JSON', () => assert.equal(escaped('{"a\u202E":\n"\u{e0041}"}'), '{"a\\u202e":\n"\\udb40\\udc41"}'));
  it('for labels', () => assert.equal(plain('a\u202Eb'), '\u2068a‹U+202E›b\u2069'));
});

describe('bytes', () => {
  it('hex', () => {
    assert.equal(hex(fromBase64("AEHDqf8=")), `00000000  00 41 c3 a9 ff${" ".repeat(36)}.A...`);
    assert.equal(hex(new Uint8Array(40), 0, 32).split('\n').length, 2);
    assert.match(hex(new Uint8Array(20)).split('\n')[1], /^00000010 {2}00 00 00 00 /);
  });
  it('text', () => {
    assert.equal(asText(fromBase64('w6k=')), 'é');
    assert.equal(asText(fromBase64('77u/YQ==')), '\ufeffa');
    assert.equal(asText(fromBase64('/w==')), undefined);
    assert.equal(asLatin(fromBase64('/wA=')), '\u00ff\0');
  });
});

describe('the address', () => {
  for (const [hash, want] of [
    ['', { view: 'requests', id: '', params: {} }],
    ['#requests', { view: 'requests', id: '', params: {} }],
    ['#/expectations/3', { view: 'expectations', id: '3', params: {} }],
    ['#/requests?status=4xx&q=a%26b%3Fc', { view: 'requests', id: '', params: { status: '4xx', q: 'a&b?c' } }],
    ['#/expectations/a%2Fb', { view: 'expectations', id: 'a/b', params: {} }],
    ['#/world/%zz', { view: 'world', id: '%zz', params: {} }],
  ]) {
    it(hash || 'none', () => {
      assert.deepEqual(parse(hash), want);
      assert.deepEqual(parse(address(want)), want);
    });
  }
  it('leaves out what has no value', () => assert.equal(address({ view: 'requests', params: { q: '', id: undefined, status: '404' } }), '#/requests?status=404'));
});

it('events of the stream', () => {
  assert.deepEqual(event('id: 1-2\nevent: request\ndata: {"id":"a: b"}'), { type: 'request', data: { id: 'a: b' } });
  assert.equal(event(': alive'), undefined);
});

it('the store tells of what has changed, until the signal ends', () => {
  const store = createStore({ a: 1, b: 1 });
  const end = new AbortController();
  const told = [];
  store.watch(['a'], ({ a }) => told.push(a), end.signal);
  store.set({ b: 2 });
  store.set({ a: 1 });
  store.set({ a: 2 });
  end.abort();
  store.set({ a: 3 });
  assert.deepEqual([told, store.get('a')], [[1, 2], 3]);
});

// Enough of a document for a list.
class Node {
  children = [];
  ownerDocument = { activeElement: undefined };
  get firstChild() { return this.children[0]; }
  get nextSibling() { return this.parent.children[this.parent.children.indexOf(this) + 1]; }
  contains(other) { return this.children.includes(other); }
  remove() { this.parent.children.splice(this.parent.children.indexOf(this), 1); }
  insertBefore(node, before) {
    if (node.parent) { node.remove(); moves++; }
    node.parent = this;
    const at = before ? this.children.indexOf(before) : this.children.length;
    this.children.splice(at, 0, node);
  }
  focus() { this.parent.ownerDocument.activeElement = this; }
}
let moves = 0;

describe('a keyed list', () => {
  const make = () => {
    const container = new Node();
    let made = 0;
    const list = keyedList(container, { key: ({ id }) => id, create: () => { made++; return new Node(); }, update: (node, { id, text }) => { node.text = `${id}${text ?? ''}`; } });
    return { container, list, shown: () => container.children.map(({ text }) => text).join(' '), made: () => made };
  };
  const items = (ids) => [...ids].map((id) => ({ id }));

  it('makes, moves and removes, and keeps what stays', () => {
    const { container, list, shown, made } = make();
    let seed = 3;
    for (let i = 0; i < 500; i++) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      const ids = [...'abcdefgh'].filter((_, bit) => (seed >> (8 + bit)) & 1).sort(() => ((seed = (seed * 1103515245 + 12345) % 2147483648) % 2) - 0.5);
      const before = new Map(container.children.map((node) => [node.text, node]));
      list.show(items(ids));
      assert.equal(shown(), ids.join(' '));
      for (const node of container.children) if (before.has(node.text)) assert.equal(node, before.get(node.text));
    }
    assert.ok(made() > 8);
  });
  it('moves nothing when something arrives at the top', () => {
    const { list, shown } = make();
    list.show(items('cba'));
    moves = 0;
    list.show(items('edcba'));
    assert.deepEqual([shown(), moves], ['e d c b a', 0]);
  });
  it('gives the focus back to an element that was moved', () => {
    const { container, list } = make();
    list.show(items('ab'));
    const [, b] = container.children;
    container.ownerDocument.activeElement = b;
    const { insertBefore } = container;
    container.insertBefore = (node, before) => { if (node === b) container.ownerDocument.activeElement = undefined; insertBefore.call(container, node, before); };
    list.show(items('ba'));
    assert.equal(container.ownerDocument.activeElement, b);
  });
  it('changes an item where it is, and ignores one that is not shown', () => {
    const { list, shown } = make();
    list.show(items('ab'));
    list.change({ id: 'b', text: '!' });
    list.change({ id: 'z' });
    assert.deepEqual([shown(), list.item('b').text, list.items().length], ['a b!', '!', 2]);
  });
  it('shows an item once', () => {
    const { list, shown } = make();
    list.show(items('aba'));
    assert.equal(shown(), 'a b');
  });
});

describe('what is typed', () => {
  for (const [name, text, want] of [
    ['lines', 'A: b\nC:d : e', { A: ['b'], C: ['d : e'] }],
    ['line breaks of another system, and blank lines', 'A: b\r\n\r\nC: d', { A: ['b'], C: ['d'] }],
    ['a name twice, in another case', 'A: b\na: c', { A: ['b', 'c'] }],
    ['no value', 'A:', { A: [''] }],
    ['nothing', ' ', {}],
  ]) it(`header fields: ${name}`, () => assert.deepEqual(headerValues('headers', text), want));
  for (const [name, text, want] of [
    ['no colon', 'A b', /write each as "Name: value", not "A b"/],
    ['no name', ': b', /write each as/],
    ['a name with a blank', 'A b: c', /"A b" can't be the name/],
    ['a name that is not ASCII', 'Ä: c', /"Ä" can't be the name/],
  ]) it(`header fields: ${name}`, () => assert.throws(() => headerValues('headers', text), (error) => error.field === 'headers' && want.test(error.message)));
  it('header fields that have one value each', () => {
    assert.deepEqual(headerFields('headers', 'A: b\nC: d'), { A: 'b', C: 'd' });
    assert.throws(() => headerFields('headers', 'A: b\na: c'), { field: 'headers', message: 'A is there twice' });
  });
  it('whole numbers', () => {
    assert.deepEqual([wholeNumber('n', ' 12 '), wholeNumber('n', '-1'), wholeNumber('n', '')], [12, -1, undefined]);
    assert.throws(() => wholeNumber('n', '1.5'), { field: 'n' });
  });
  for (const [path, query, want] of [
    ['/', '', '/webhooks/t'],
    ['', '', '/webhooks/t'],
    ['/a/b', 'c=d', '/webhooks/t/a/b?c=d'],
    ['a b', '?c=é', '/webhooks/t/a%20b?c=%C3%A9'],
    ['/a%2Fb', '', '/webhooks/t/a%2Fb'],
  ]) it(`the path ${path} with the query ${query}`, () => assert.equal(targetOf('http://h/webhooks/t', path, query), want));
  it('tokens with letters beyond ASCII', () => {
    assert.equal(bearer('s3crét€'), 'Bearer s3cr\u00c3\u00a9t\u00e2\u0082\u00ac');
    assert.equal(toBase64(new Uint8Array([0, 255])), 'AP8=');
  });
});

describe('faults', () => {
  it('from a form, and back', () => {
    const values = { name: 'a', operation: '', disabled: false, perToken: true, from: '2', probability: '0.5', status: '503', headers: 'A: b: c\nD: e', latencyFixed: '1s', latencyPerChunk: '2s', steps: '[{"status": 503}]' };
    const fault = { name: 'a', perToken: true, from: 2, probability: 0.5, status: 503, headers: { A: 'b: c', D: 'e' }, steps: [{ status: 503 }], latency: { fixed: '1s', perChunk: '2s' } };
    assert.deepEqual(toFault(values), fault);
    assert.deepEqual(toFault(toValues(fault)), fault);
    assert.deepEqual(toFault(toValues({ name: 'b', latency: '80ms' })), { name: 'b', latency: { fixed: '80ms' } });
  });
  for (const [name, value] of [['from', 'x'], ['probability', 'x'], ['steps', '{'], ['headers', 'x']]) {
    it(`names the field ${name}`, () => assert.throws(() => toFault({ [name]: value }), { field: name }));
  }
  it('finds the field that an error is about', () => {
    assert.equal(located(new Error('faults:1:2: faults[0].status: 999 is more')).field, 'status');
    assert.equal(located(new Error('the name is taken')).field, undefined);
  });
});

describe('what differs has a row for each field of a body', () => {
  const found = { field: 'body', want: '{\n}', got: '{}' };
  for (const [name, details, want] of [
    ['none', undefined, [found]],
    ['texts', '$.a: want "x, got y", got "z"', [{ field: '$.a', want: '"x, got y"', got: '"z"' }]],
    ['quotes in texts', '$.a: want "\\", got ", got 7', [{ field: '$.a', want: '"\\", got "', got: '7' }]],
    ['values', '$.a[0].b: want {"c":[1]}, got null', [{ field: '$.a[0].b', want: '{"c":[1]}', got: 'null' }]],
    ['a field that is missing, and one too many', '$.a: want 1, got nothing\n$.b: unexpected 2', [{ field: '$.a', want: '1', got: 'nothing' }, { field: '$.b', want: 'nothing', got: '2' }]],
    ['more than are listed', '$.a: want 1, got 2\nand 3 more differences', [{ field: '$.a', want: '1', got: '2' }, { text: 'and 3 more differences' }]],
    ['lines of a text', '-a\n+b', [found, { text: '-a\n+b' }]],
  ]) it(name, () => assert.deepEqual(rowsOf({ ...found, details }), want));
});
