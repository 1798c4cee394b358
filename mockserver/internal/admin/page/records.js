// The records that a file has in itself, as a source: what the page shows of them is
// found, counted and sorted here, as the server does it.

import { fromBase64 } from './bytes.js';

const bodyOf = ({ bodyAsBase64, body }) => (bodyAsBase64 ? new TextDecoder().decode(fromBase64(bodyAsBase64)) : body ?? '');
const violationOf = (v) => v && `${v.field} ${v.what}`;
const fields = (headers) => Object.entries(headers ?? {}).flatMap(([name, value]) => [value].flat().map((one) => `${name}:${one}`));

const summary = (r) => ({
  id: r.id, sequence: r.sequence, time: r.request.loggedDate, method: r.request.method, target: r.request.url, operation: r.operation,
  status: r.response.status, durationMicros: r.durationMicros, pending: r.pending, aborted: r.aborted, violation: violationOf(r.violation), fault: r.fault, hint: r.hint,
});

// failed and matchesStatus are what the filters of these names find.
const failed = (r) => r.fault || r.aborted || r.panic || r.violation || (!r.pending && (r.response.status === 0 || r.response.status >= 400));

function matchesStatus(list) {
  const all = list.split(',').map((one) => one.trim().toLowerCase());
  const wrong = all.find((one) => !/^[1-5](xx|\d\d)$/.test(one));
  if (wrong !== undefined) throw new Error(`"${wrong}" is neither a status such as 404 nor a class such as 4xx`);
  return ({ response: { status } }) => all.some((one) => (one.endsWith('xx') ? String(status)[0] === one[0] : status === Number(one)));
}

const joined = (all) => all.filter(Boolean).join('\n').toLowerCase();
const texts = new WeakMap(); // what is searched, by the record: texts, and fields of headers without the blank behind the name
function textsOf(r) {
  if (!texts.has(r)) {
    texts.set(r, [
      joined([r.request.method, r.request.url, r.operation, violationOf(r.violation), r.fault, r.hint, bodyOf(r.request), bodyOf(r.response)]),
      joined([...fields(r.request.headers), ...fields(r.response.headers)]),
    ]);
  }
  return texts.get(r);
}
function mentions(q) {
  const wanted = q.toLowerCase();
  const field = wanted.replace(': ', ':');
  return (r) => textsOf(r)[0].includes(wanted) || textsOf(r)[1].includes(field);
}

const compared = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// recordsSource returns the source of records, oldest first, in front of which some
// were left out.
export function recordsSource({ requests, left, failures }) {
  const summaries = new Map(requests.map((r) => [r, summary(r)]));
  return {
    left, failures: failures ?? [],
    async list({ operation, method, status, unmatched, errors, q, sort = 'sequence', direction = 'desc', limit = Infinity, offset = 0 }) {
      const tests = [
        operation && ((r) => r.operation === operation), method && ((r) => r.request.method === method), status && matchesStatus(status),
        unmatched && ((r) => !r.wasMatched), errors && failed, q && mentions(q),
      ].filter(Boolean);
      const key = { duration: 'durationMicros' }[sort] ?? sort;
      const found = requests.filter((r) => tests.every((test) => test(r))).map((r) => summaries.get(r))
        .sort((a, b) => compared(a[key] ?? '', b[key] ?? '') || compared(a.sequence, b.sequence));
      if (direction === 'desc') found.reverse();
      return { requests: found.slice(offset, offset + limit), meta: { total: requests.length, matched: found.length, newest: requests.at(-1)?.sequence, newer: 0 } };
    },
    async get(id) {
      const found = requests.find((r) => r.id === id);
      if (!found) throw Object.assign(new Error(`The file has no request with the id ${id}.`), { status: 404 });
      return found;
    },
    triggers: async () => ({ triggers: [], meta: { total: 0 } }),
    operations: async () => [...new Set(requests.map((r) => r.operation).filter(Boolean))].sort(),
  };
}
