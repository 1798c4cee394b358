// A body: indented, as it was sent, and byte by byte.

import { asLatin, asText, hex } from './bytes.js';
import { button, bytes as size, h, number, replace } from './dom.js';
import { indent } from './json.js';
import { marked } from './text.js';

// How much is shown before somebody asks for all of it.
const firstPieces = 4000;
const firstCharacters = 20000;
const firstBytes = 2048;

const chosen = new Map(); // the view that was picked, by the name of a body

// bodyView shows a body. `bytes` is without its content encoding, `sent` as it was
// sent, if that differs and is known; `decoded` if it is not known. The value at the path
// `refused` is marked. The name tells bodies apart, and the label is for people.
export function bodyView({ bytes, sent, decoded, refused, name, label }) {
  if (bytes.length === 0 && !sent?.length) return h('p.quiet', 'No body');
  const text = asText(bytes);
  const json = text !== undefined && bytes.length < 8 << 20 && indent(text, { limit: 1 }) !== undefined;
  const views = [json && 'Pretty', 'Raw', 'Hex'].filter(Boolean);
  const pane = h('div');
  const tabs = h('div.tabs', { role: 'group', 'aria-label': `Form of the ${label}` });
  const open = (view, all) => {
    chosen.set(name, view);
    for (const tab of tabs.children) tab.setAttribute('aria-pressed', String(tab.textContent === view));
    replace(pane, { Pretty: pretty, Raw: raw, Hex: hexes }[view](all, () => open(view, true)));
  };
  const block = (props, ...children) => h('pre', { tabindex: '0', role: 'region', 'aria-label': label, 'data-key': `${name} text`, ...props }, children);
  const rest = (what, show) => button(what, show, { class: 'rest' });

  function pretty(all, showAll) {
    const { pieces, more } = indent(text, { marked: refused, limit: all ? Infinity : firstPieces });
    const long = !all && pieces.some((piece) => piece.text.length > firstCharacters);
    return [
      block({}, pieces.map((piece) => (piece.kind === 'space' || (piece.kind === 'punctuation' && !piece.marked) ? piece.text : h(piece.marked ? 'mark' : 'span', {
        class: piece.kind + (piece.doubled ? ' doubled' : ''), title: piece.marked ? 'This was refused' : piece.doubled ? 'The object has this key twice' : undefined,
      }, marked(long ? piece.text.slice(0, firstCharacters) : piece.text))))),
      (more || long) && rest('Show the rest', showAll),
    ];
  }
  function raw(all, showAll) {
    const whole = text ?? asLatin(bytes);
    return [
      text === undefined && h('p.quiet', 'The bytes are not UTF-8: each is shown as the character of its number.'),
      block({}, marked(all ? whole : whole.slice(0, firstCharacters), true)),
      !all && whole.length > firstCharacters && rest(`Show all ${number(whole.length)} characters`, showAll),
    ];
  }
  function hexes(all, showAll) {
    const shown = sent ?? bytes;
    return [
      block({ class: 'hex' }, hex(shown, 0, all ? undefined : firstBytes)),
      !all && shown.length > firstBytes && rest(`Show all ${size(shown.length)}`, showAll),
    ];
  }

  for (const view of views) tabs.append(button(view, () => open(view), { 'data-key': `${name} ${view}` }));
  const before = chosen.get(name);
  open(views.includes(before) ? before : text === undefined ? 'Hex' : views[0]);
  return h('div.body',
    h('div.bar', tabs, h('span.quiet', size((sent ?? bytes).length), sent && ` as sent, ${size(bytes.length)} without encoding`, decoded && ' without the encoding it was sent in')),
    pane);
}
