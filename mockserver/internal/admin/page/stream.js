// The stream of a world's journal: in a worker that all tabs share, or in the page
// itself.

import { bearer } from './bytes.js';

// stream reads the events of the world at a URL until the signal ends, and begins
// again when the connection is lost. It reads the stream itself, because EventSource
// can't send a token. `tell` gets {state, reason} and {events}. Behind the state
// "live" no event is missed. A sandbox that is "gone" may come again.
export async function stream({ url, token, signal, tell }) {
  const get = async (path, headers) => {
    const response = await fetch(path, { headers: { ...(token && { Authorization: bearer(token) }), ...headers }, signal, cache: 'no-store' });
    if (!response.ok) throw Object.assign(new Error(`the server responds ${response.status}`), { status: response.status });
    return response;
  };
  let gone = false;
  for (let wait = 250; !signal.aborted; wait = Math.min(wait * 2, 4000)) {
    try {
      const { lastEventId } = await (await get(`${url}/__admin/requests?summary=true&limit=0`)).json();
      const { body } = await get(`${url}/__admin/requests/stream?summary=true`, { 'Last-Event-ID': lastEventId });
      gone = false;
      tell({ state: 'live' });
      wait = 250;
      const closed = await read(body, (events) => tell({ events }));
      tell({ state: 'down', reason: closed ?? 'the connection was lost' });
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401) return tell({ state: 'refused' });
      const before = gone;
      gone = [404, 410].includes(error.status);
      if (gone && !before) tell({ state: 'gone' });
      if (!gone) tell({ state: 'down', reason: error instanceof TypeError ? 'the server does not respond' : error.message });
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

// read reads events to the end, and returns why the server has ended them.
async function read(body, tell) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let reason;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return reason;
    text += value;
    const whole = text.split('\n\n');
    text = whole.pop();
    const events = whole.map(event).filter(Boolean);
    reason = events.find(({ type }) => type === 'closed')?.data.reason;
    if (events.length > 0) tell(events);
  }
}

// event returns an event of the stream; undefined for a sign of life.
export function event(text) {
  const parts = Object.fromEntries(text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
  return parts.event && { type: parts.event, data: JSON.parse(parts.data) };
}
