// Elements are made of text and of other elements, never of markup: what a
// caller sent can't become anything but text.

export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...real(children));
  return element;
}

const real = (children) => children.flat().filter((child) => child !== undefined && child !== null && child !== false);

// replace puts other children in place of those that an element has.
export const replace = (element, ...children) => element.replaceChildren(...real(children));

export const button = (text, onclick, props) => h('button', { type: 'button', onclick, ...props }, text);

export const field = (label, control, props) => h('label', props, label, control);

export function notify(text) {
  const notice = document.getElementById('notice');
  notice.textContent = text;
  clearTimeout(notify.timer);
  notify.timer = setTimeout(() => { notice.textContent = ''; }, 6000);
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Over plain HTTP a browser allows the clipboard for this machine alone.
    const area = h('textarea', { value: text, 'aria-hidden': 'true' });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  notify(`${what} copied`);
}

export function download(text, name, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// jsonView shows JSON indented and coloured, with the value at a path marked.
export function jsonView(text, marked, label) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return h('pre', { tabindex: '0', 'aria-label': label }, text);
  }
  const pre = h('pre', { tabindex: '0', 'aria-label': label });
  const write = (value, path, indent) => {
    const into = path === marked ? h('mark', { title: 'This was refused' }) : pre;
    if (into !== pre) pre.append(into);
    if (value !== null && typeof value === 'object') {
      const list = Array.isArray(value);
      const entries = Object.entries(value);
      if (entries.length === 0) return into.append(list ? '[]' : '{}');
      into.append(list ? '[' : '{');
      entries.forEach(([key, inner], i) => {
        pre.append(`\n${indent}  `);
        if (!list) pre.append(h('span', { class: 'key' }, JSON.stringify(key)), ': ');
        write(inner, path === '' ? key : `${path}.${key}`, `${indent}  `);
        if (i < entries.length - 1) pre.append(',');
      });
      return pre.append(`\n${indent}`, list ? ']' : '}');
    }
    return into.append(h('span', { class: typeof value === 'string' ? 'string' : 'number' }, JSON.stringify(value)));
  };
  write(value, '', '');
  return pre;
}

export const time = (date) => new Date(date).toISOString().slice(11, 23);

export const statusClass = (status) => (status >= 500 || status === 0 ? 'bad' : status >= 400 ? 'warn' : 'good');
