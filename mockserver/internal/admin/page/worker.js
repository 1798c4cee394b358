// The worker that all tabs share: it holds one stream for each world that one of
// them shows, since a browser has few connections to a server.

import { stream } from './stream.js';

const streams = new Map(); // of the world and the token: {ports, stop, state}

function leave(port) {
  for (const [id, { ports, stop }] of streams) {
    if (!ports.delete(port) || ports.size > 0) continue;
    stop.abort();
    streams.delete(id);
  }
}

function follow(port, { url, token }) {
  leave(port);
  const id = JSON.stringify([url, token]);
  let one = streams.get(id);
  if (!one) {
    one = { ports: new Set(), stop: new AbortController(), state: undefined };
    streams.set(id, one);
    const mine = one;
    stream({ url, token, signal: mine.stop.signal, tell: (message) => {
      if (message.state) mine.state = message;
      for (const other of mine.ports) other.postMessage({ url, ...message });
      if (message.state === 'refused') streams.delete(id); // which is its end
    } });
  }
  one.ports.add(port);
  if (one.state) port.postMessage({ url, ...one.state });
}

addEventListener('connect', ({ ports: [port] }) => {
  port.onmessage = ({ data }) => (data.url === undefined ? leave(port) : follow(port, data));
});
