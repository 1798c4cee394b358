// Elements are made of text and of other elements, never of markup: what a
// caller sent can't become anything but text.

// h returns an element, such as 'p' or 'p.quiet' with a class. Its properties come before
// its children, and may be left out.
export function h(what, ...children) {
  const [tag, ...classes] = what.split('.');
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(' ');
  const props = children[0]?.constructor === Object ? children.shift() : {};
  for (const [name, value] of Object.entries(props)) {
    if (absent(value)) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  return fill(element, real(children));
}

// fill appends children some at a time: the arguments of a call have to fit its stack.
function fill(element, children) {
  for (let at = 0; at < children.length; at += 10000) element.append(...children.slice(at, at + 10000));
  return element;
}

const absent = (value) => value === undefined || value === null || value === false;
const real = (children) => children.flat(Infinity).filter((child) => !absent(child));

// replace puts other children in place of those that an element has. An element
// with the focus is found again by its data-key, and its scroll position stays.
export function replace(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement.closest('[data-key]')?.dataset.key : undefined;
  const scrolled = new Map([...element.querySelectorAll('[data-key]')].map((one) => [one.dataset.key, one.scrollTop]).filter(([, top]) => top > 0));
  element.replaceChildren();
  fill(element, real(children));
  if (focused === undefined && scrolled.size === 0) return;
  for (const one of element.querySelectorAll('[data-key]')) {
    if (scrolled.has(one.dataset.key)) one.scrollTop = scrolled.get(one.dataset.key);
    if (one.dataset.key === focused) one.focus({ preventScroll: true });
  }
}

export const button = (text, onclick, props) => h('button', { type: 'button', 'data-key': text, onclick, ...props }, text);

// An equal text is not written, so that nothing is announced twice.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

let fading;
export function notify(text) {
  const notice = document.getElementById('notice');
  notice.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => { notice.textContent = ''; }, 6000);
}

// copy reports what was copied, only after copying worked.
export async function copy(text, what) {
  let copied;
  try {
    await navigator.clipboard.writeText(text);
    copied = true;
  } catch {
    // Over plain HTTP a browser allows the clipboard for this machine alone.
    const before = document.activeElement;
    const area = h('textarea', { value: text, 'aria-hidden': 'true' });
    document.body.append(area);
    area.select();
    copied = document.execCommand('copy');
    area.remove();
    before?.focus();
  }
  notify(copied ? `${what} copied` : `${what}: the browser allows no copying here`);
}

export function download(text, name, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// attempt returns a handler that reports why a task failed.
export const attempt = (task) => async (event) => {
  try {
    await task(event);
  } catch (error) {
    if (error.name !== 'AbortError') notify(error.message);
  }
};

// ending returns a controller that ends with a signal, too.
export function ending(signal) {
  const end = new AbortController();
  signal.addEventListener('abort', () => end.abort(), { once: true });
  return end;
}

// later returns a function that runs a task some milliseconds after its first call,
// once for all calls until then, unless the signal has ended; `paused` is after the last.
export function later(task, wait, signal, paused) {
  let due;
  return () => {
    if (paused) due = clearTimeout(due);
    due ??= setTimeout(() => {
      due = undefined;
      if (!signal.aborted) attempt(task)();
    }, wait);
  };
}

// ask asks before something that can't be undone, and returns whether to do it.
export function ask(question, detail, yes) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { 'aria-labelledby': 'question', onclose: () => { dialog.remove(); resolve(dialog.returnValue === 'yes'); } },
      h('form', { method: 'dialog' },
        h('h2', { id: 'question' }, question), detail && h('p', detail),
        h('div.actions', h('button', { value: 'yes', class: 'danger' }, yes), h('button', { value: 'no', autofocus: true }, 'Cancel'))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

// asking returns a handler that asks before it does a task.
export const asking = (question, detail, yes, task) => attempt(async () => {
  if (await ask(question, detail, yes)) await task();
});

const ofDay = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' };
const clock = new Intl.DateTimeFormat(undefined, ofDay);
const moment = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric', ...ofDay, timeZoneName: 'short' });
const numbers = new Intl.NumberFormat('en');

const format = (form, date) => {
  const at = new Date(date);
  return Number.isNaN(at.getTime()) ? String(date) : form.format(at);
};
export const time = (date) => format(clock, date);
export const when = (date) => format(moment, date);
export const number = (n) => numbers.format(n);
export const micros = (n) => `${number(n)} µs`;
export const bytes = (n) => (n < 10240 ? `${number(n)} bytes` : n < 10 << 20 ? `${number(Math.round(n / 1024))} KiB` : `${number(Math.round(n / 1048576))} MiB`);
export const plural = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

export const statusClass = (status) => (status >= 500 || status === 0 ? 'bad' : status >= 400 ? 'warn' : 'good');
