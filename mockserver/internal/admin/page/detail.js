// One request: first why it got its response, then when, then what was sent.

import { admin } from './api.js';
import { bodyView } from './body.js';
import { fromBase64, asLatin, textBytes } from './bytes.js';
import { asking, attempt, button, copy, ending, h, micros, notify, replace, statusClass, time, when } from './dom.js';
import { members } from './json.js';
import { change, go, to } from './router.js';
import { source } from './source.js';
import { marked, outside, plain } from './text.js';

// detail shows requests in a pane. It follows the one that is shown: its response, its
// removal, the messages of its WebSocket.
export function detail(pane, { signal, back, step }) {
  let id;
  let end; // ends what belongs to the request that is shown
  let text; // of what is shown, to leave the pane alone when nothing has changed
  let gone = false;
  let focusing = false;

  async function load() {
    const mine = end.signal;
    try {
      const request = await source.get(id, mine);
      const talk = isSocket(request) ? await conversation(id, mine) : [];
      if (mine.aborted) return;
      const now = JSON.stringify([request, talk]);
      if (now === text) return;
      replace(pane, whole(request, talk));
      text = now;
      gone = false;
      if (focusing) pane.querySelector('[data-key=heading]').focus();
      focusing = false;
      document.title = `${plain(request.request.method)} ${request.pending ? 'held' : request.response.status} · losantmock`;
    } catch (error) {
      if (mine.aborted) return;
      if (error.status === 404 && text) return removed();
      if (text) return notify(error.message);
      replace(pane, head(heading(error.status === 404 ? 'No such request' : 'The request can’t be shown')), h('p.error', { role: 'alert' }, error.message));
    }
  }

  function removed() {
    if (gone) return;
    gone = true;
    pane.querySelector('.story')?.before(h('p.note.warn', { role: 'status' }, 'This request was removed from the journal.'));
  }

  const heading = (...children) => h('h3', { tabindex: '-1', 'data-key': 'heading' }, children);
  const head = (title) => h('div.head', title,
    h('div.bar',
      button('Back to the list', back, { class: 'narrow-only' }),
      button('Previous', () => step(-1)), button('Next', () => step(1)), button('Close', back, { class: 'wide-only', title: 'Escape' })));

  function whole(r, talk) {
    const { request, response } = r;
    const wanted = (format, what) => attempt(async () => copy(await admin(`/requests/${r.id}/export?format=${format}`, { signal, raw: true }), what));
    return [
      head(heading(
        h('span', { class: `status ${r.pending ? 'quiet' : statusClass(response.status)}` }, r.pending ? 'held' : response.status || 'none'), ' ', outside(request.method), ' ', outside(request.url, { class: 'target' }))),
      h('div.story', story(r).map(([kind, ...children]) => h('p', { class: `note ${kind}` }, children))),
      source.copies && h('div.actions',
        button('Copy as curl', wanted('curl', 'curl command')),
        button('Copy as Go', wanted('go', 'Go assertion')),
        button('Copy as WireMock', wanted('wiremock', 'Pattern')),
        source.live && [
          button('Replay', attempt(() => replay(r.id))),
          h('a.button', { href: to('expectations', { from: r.id }), 'data-key': 'expect' }, 'Make a pattern'),
          button('Remove…', asking('Remove this request?', 'It is taken out of the journal, and no assertion counts it any more.', 'Remove', () => remove(r.id))),
        ]),
      timeline(r),
      h('div.sides',
      section('Request', fields(request.headers, request.rawHeadersAsBase64, 'Request'), bodyView({
        bytes: bytesOf(request), sent: request.rawBodyAsBase64 ? fromBase64(request.rawBodyAsBase64) : undefined,
        refused: refusedPath(r.violation), name: `${r.id} request`, label: 'request body',
      })),
      section('Response', r.pending ? h('p.quiet', 'The call is held open.') : responseParts(r))),
      talk.length > 0 && section('WebSocket', talkView(talk)),
      isSocket(r) && !source.live && section('WebSocket', h('p.quiet', 'A file lacks the messages.')),
      r.trigger && talk.length === 0 && section('Trigger', triggerLinks(r.trigger), bodyView({ bytes: textBytes(r.trigger.payloadText), name: `${r.id} payload`, label: 'payload text' })),
    ];
  }

  async function replay(of) {
    const { id: made } = await admin(`/requests/${of}/replay?background=true`, { method: 'POST', signal });
    notify('It was sent again, and this is the new request');
    go(change({ id: made }));
  }

  async function remove(of) {
    await admin(`/requests/${of}`, { method: 'DELETE' });
    back();
  }

  return {
    show(wanted) {
      if (wanted === id && end) return;
      end?.abort();
      end = ending(signal);
      id = wanted;
      text = undefined;
      gone = false;
      document.title = 'Investigate · losantmock';
      replace(pane, id ? head(heading('Loading …')) : h('p.quiet.hint', 'Pick a request to see why it got its response.'));
      if (id) return load();
    },
    happened(events) {
      if (!id) return;
      const mine = (event) => event.type === 'refresh' || event.data.id === id || event.data.requestId === id;
      if (events.some(({ type, data }) => type === 'reset' || (type === 'removed' && data.ids?.includes(id)))) removed();
      else if (events.some(mine)) load();
    },
    // focus gives the focus to the next request that is shown.
    focus() { focusing = true; },
  };
}

const section = (title, ...children) => h('section', { 'aria-label': title }, h('h4', title), children);

export const responseParts = ({ id, response }) => [
  fields(response.headers ?? {}, response.rawHeadersAsBase64, 'Response'), bodyView({ bytes: bytesOf(response), decoded: response.headers?.['Content-Encoding'], name: `${id} response`, label: 'response body' }),
];

const bytesOf = (message) => (message.bodyAsBase64 ? fromBase64(message.bodyAsBase64) : textBytes(message.body ?? ''));

// A violation names the parameter first: "webhook.name" is "name" in the body. One
// property too many is named behind the object that has it.
const refusedPath = (violation) => violation && [...violation.field.split('.').slice(1), ...(/additional/.test(violation.what) && violation.detail ? [violation.detail] : [])].join('.');

// elsewhere is a link to a view that a file does not have.
const elsewhere = (view, params, content) => (source.live ? h('a', { href: to(view, params) }, content) : content);

// story says why a request got its response, as lists of a kind and children.
function story(r) {
  const told = [];
  const { violation, scopes } = r;
  if (r.panic) told.push(['bad', h('strong', 'The server itself failed. '), outside(r.panic)]);
  if (violation) told.push(['bad', h('strong', 'Refused: '), h('code', marked(violation.field)), ' ', outside(violation.what), violation.detail && [' (', outside(violation.detail), ')']]);
  if (r.fault) told.push(['warn', h('strong', 'Fault: '), elsewhere('faults', { name: r.fault }, outside(r.fault)), ' was applied to it']);
  if (r.aborted) told.push(['bad', 'The client left before the body was complete.']);
  if (r.neededScopes?.length) told.push(['bad', h('strong', 'Scope: '), 'it needs ', list(r.neededScopes), '; the token has ', scopes?.length ? list(scopes) : 'none of them']);
  if (r.hint) told.push(['warn', h('strong', 'Hint: '), outside(r.hint)]);
  if (r.trigger?.problem) told.push(['warn', h('strong', 'Forwarding: '), outside(r.trigger.problem)]);
  if (r.pending) told.push(['warn', 'It waits for its response. ', h('a', { href: to('triggers') }, 'Reply to it')]);
  else if (r.response.status === 0) told.push(['bad', 'Nothing was sent in response.']);
  else if (told.length === 0) told.push([statusClass(r.response.status), r.operation ? ['Operation ', h('code', marked(r.operation)), ' responded ', String(r.response.status), '.'] : `No operation; the response was ${r.response.status}.`]);
  return told;
}

const list = (texts) => texts.flatMap((text, i) => [i > 0 && ', ', h('code', marked(text))]);

function timeline(r) {
  const steps = r.timeline ?? {};
  const facts = [
    ['Arrived', when(r.request.loggedDate)],
    ['Body received', steps.received], ['Response begun', steps.responseBegun], ['Ended', steps.ended],
    ['Took', r.pending ? 'still open' : steps.ended === undefined && micros(r.durationMicros)],
    ['Operation', r.operation && h('code', marked(r.operation))],
    ['Token', r.token && h('code', marked(r.token))],
    ['Scopes', r.scopes?.length && list(r.scopes)],
    ['From', r.request.clientIp && [outside(r.request.clientIp), ' ', outside(r.request.protocol ?? '')]],
    ['Number', String(r.sequence)],
    ['Target', r.request.url.length > 200 && outside(r.request.url)], // cut above
  ].filter(([, value]) => value);
  return section('Facts', h('dl.facts', facts.map(([name, value]) => h('div', h('dt', name), h('dd', typeof value === 'number' ? `+${micros(value)}` : value)))));
}

function fields(values, raw, label) {
  const rows = Object.entries(values).flatMap(([name, value]) => (raw?.[name]?.map((one) => asLatin(fromBase64(one))) ?? [value].flat()).map((one) => [name, one]));
  if (rows.length === 0) return h('p.quiet', 'No header fields');
  return h('dl.headers', { 'aria-label': `${label} header fields` }, rows.map(([name, value]) => h('div', h('dt', outside(name)), h('dd', outside(value)))));
}

const isSocket = (r) => r.response.status === 101;

export const conversation = async (request, signal) => (await source.triggers({ request, limit: 1000 }, signal)).triggers.reverse();

export const talkView = (talk) => h('ol.talk', talk.map((t) => {
  const { type, message } = t.payload.data;
  const whole = members(members(t.payloadText).get('data')).get('message') ?? '';
  const said = type === 'connect' ? '' : type === 'disconnect' ? `${message?.statusCode ?? ''} ${message?.reason ?? ''}` : typeof message?.data === 'string' ? message.data : whole;
  return [
    spoken(type, t.payload.time, said, h('a', { href: to('triggers', { open: t.sequence }) }, `trigger ${t.sequence}`)),
    ...(t.sent ?? []).map((one) => spoken('sent', one.time, one.data ?? `${one.dataAsBase64 ?? ''} in base64`)),
  ];
}));

// spoken is one of the parts of a conversation.
export const spoken = (kind, at, text, link) => h('li', { class: kind }, h('div.bar', h('strong', kind), h('span.quiet', { title: when(at) }, time(at)), link), text.trim() !== '' && h('div.said', outside(text, {}, true)));

const triggerLinks = (trigger) => h('p', 'The workflow behind ', outside(trigger.webhookName), ' received ', elsewhere('triggers', { open: trigger.sequence }, `trigger ${trigger.sequence}`), '.');
