// Texts from outside: each is isolated from what stands beside it, and what
// would be invisible in it, or turn the text around it, is shown as a mark.

import { h } from './dom.js';

// Controls, marks of direction, blanks without width, separators of lines, halves
// of a pair, tags.
const hidden = /[\0-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

const code = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

// split returns a text as parts, of which those that are hidden have a mark. In
// lines, tabs and line breaks do their work.
export function split(text, lines = false) {
  const parts = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(hidden)) {
    if (lines && (character === '\n' || character === '\t')) continue;
    if (index > end) parts.push({ text: text.slice(end, index) });
    parts.push({ text: character, mark: code(character) });
    end = index + character.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

// escaped returns JSON whose strings show what would be hidden in a field of a form.
export const escaped = (json) => split(json, true).map((part) => (part.mark ? Array.from({ length: part.text.length }, (_, i) => `\\u${part.text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('') : part.text)).join('');

// marked returns a text as children of an element.
export const marked = (text, lines = false) => split(String(text), lines).map((part) => (part.mark ? h('span.hidden-mark', part.mark) : part.text));

// outside returns a text from outside as an element.
export const outside = (text, props, lines) => h('bdi', props, marked(text, lines));

// plain returns a text from outside for places that hold no elements: titles,
// labels, options.
export const plain = (text) => `\u2068${split(String(text)).map((part) => (part.mark ? `‹${part.mark}›` : part.text)).join('')}\u2069`;
