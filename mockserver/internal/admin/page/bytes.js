// The bytes of a body, as they were sent.

export const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

// bearer returns the value of the header field of a token, whose letters are sent as UTF-8.
export const bearer = (token) => `Bearer ${asLatin(textBytes(token))}`;

// textBytes returns the bytes of a text.
export const textBytes = (text) => new TextEncoder().encode(text);

export const toBase64 = (bytes) => btoa(asLatin(bytes));

// asText returns bytes as text; undefined if they are not UTF-8.
export function asText(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

// asLatin returns each byte as the character of its number, for bytes that are no text.
export const asLatin = (bytes) => Array.from(bytes, (b) => String.fromCharCode(b)).join('');

// hex returns lines of sixteen bytes: offset, numbers, characters of ASCII.
export function hex(bytes, from = 0, to = bytes.length) {
  const lines = [];
  for (let at = from; at < Math.min(to, bytes.length); at += 16) {
    const row = bytes.subarray(at, Math.min(at + 16, to, bytes.length));
    const numbers = Array.from(row, (b) => b.toString(16).padStart(2, '0'));
    numbers.splice(8, 0, '');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${numbers.join(' ').padEnd(49)} ${Array.from(row, (b) => (b > 31 && b < 127 ? String.fromCharCode(b) : '.')).join('')}`);
  }
  return lines.join('\n');
}
