// Measures losantmock beside what people use in its place, with the same
// answers, each server on one core and the load on another. The arguments are
// the programs losantmock and lab, how long a measurement takes, and how many
// each server has; packages come from npm (npm ci), and WireMock needs Java. It prints a
// Markdown table; "5.0 times" says that losantmock took 5.0 times as many
// requests, by turns with that server.
import { execFileSync, spawn } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [, , program, lab, round = '1s', rounds = 5] = process.argv;
const dir = mkdtempSync(join(tmpdir(), 'compare-'));
const hooks = '/applications/575ec8687ae143cd83dc4a97/webhooks';
const one = `${hooks}/575ed78e7ae143cd83dc4aab`;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const file = (name, text) => { const path = join(dir, name); writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text)); return path; };
let port = 9950;

// tree is a process and all that came of it.
function tree(pid) {
  const children = readdirSync('/proc').filter((p) => /^\d+$/.test(p)).filter((p) => {
    try { return readFileSync(`/proc/${p}/stat`, 'utf8').split(') ')[1].split(' ')[1] === String(pid); } catch { return false; }
  });
  return [String(pid), ...children.flatMap(tree)];
}
const memory = (pid) => tree(pid).reduce((sum, p) => {
  try { return sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${p}/status`, 'utf8'))?.[1] ?? 0); } catch { return sum; }
}, 0) / 1024;

async function start(words) {
  const began = performance.now();
  const child = spawn('taskset', ['-c', '0', ...words], { stdio: 'ignore', env: { ...process.env, GOMAXPROCS: '1' } });
  const url = `http://127.0.0.1:${port}`;
  for (let ready = false; !ready; await sleep(5)) {
    ready = await fetch(url + one, { headers: { Authorization: 'Bearer any' } }).then((r) => r.ok, () => false);
    if (performance.now() - began > 60000) throw new Error(`${words.join(' ')} does not answer`);
  }
  return { url, pid: child.pid, took: performance.now() - began };
}

function stop({ pid }) {
  for (const p of tree(pid).reverse()) try { process.kill(Number(p), 'SIGKILL'); } catch { /* it has ended */ }
}

const signal = (pid, name) => tree(pid).forEach((p) => process.kill(Number(p), name));

// measure measures a server that was stopped, so that no other one, which it
// shares its core with, takes from its time.
function measure({ url, pid }) {
  signal(pid, 'SIGCONT');
  const out = execFileSync('taskset', ['-c', '1', lab, 'bench', '--url', url, '--round', round], { encoding: 'utf8' });
  signal(pid, 'SIGSTOP');
  return out.trim().split('\n').map((line) => line.split('\t'));
}

const world = file('world.yaml', `ids: {seed: 1}
applications:
  - id: 575ec8687ae143cd83dc4a97
    name: My Application
    webhooks:
      - {id: 575ed78e7ae143cd83dc4aab, name: My Webhook, token: the_webhook_token}
      - generate: {count: 999, name: "Device {{n}}"}
`);

// The answers that all of them give are losantmock's own.
const own = await start([program, 'serve', '--quiet', '--listen', `127.0.0.1:${port}`, '--scenario', world]);
const ask = async (path, init) => (await fetch(own.url + path, { headers: { Authorization: 'Bearer any', 'Content-Type': 'application/json' }, ...init })).text();
const answers = [
  ['GET', one, await ask(one), 200], ['GET', `${hooks}?perPage=10`, await ask(`${hooks}?perPage=10`), 200], ['GET', `${hooks}?perPage=100`, await ask(`${hooks}?perPage=100`), 200],
  ['POST', hooks, await ask(hooks, { method: 'POST', body: '{"name":"Door opened"}' }), 201],
];
stop(own);

mkdirSync(join(dir, 'mappings'));
answers.forEach(([method, url, body, status], i) => file(`mappings/${i}.json`, { request: { method, url }, response: { status, body, headers: { 'Content-Type': 'application/json' } } }));
const openapi = (list) => {
  const document = JSON.parse(execFileSync(program, ['openapi'], { encoding: 'utf8' }));
  const example = (path, method, status, body) => { document.paths[path][method].responses[status].content['application/json'].example = JSON.parse(body); };
  const template = '/applications/{applicationId}/webhooks';
  example(`${template}/{webhookId}`, 'get', 200, answers[0][2]);
  example(template, 'get', 200, answers[list][2]);
  example(template, 'post', 201, answers[3][2]);
  return file(`openapi-${list}.json`, document);
};
const { items } = JSON.parse(answers[2][2]);
const db = () => file('db.json', { webhooks: [JSON.parse(answers[0][2]), ...items.filter((item) => item.id !== '575ed78e7ae143cd83dc4aab')] });
const routes = file('routes.json', { [`${hooks}\\?perPage=:n`]: '/webhooks?_limit=:n', [`${hooks}/:id`]: '/webhooks/:id', [hooks]: '/webhooks' });
const imposters = () => file('imposters.json', { imposters: [{ port, protocol: 'http', recordRequests: true, stubs: answers.map(([method, url, body, statusCode]) => {
  const [path, query] = url.split('?');
  return {
    predicates: [{ equals: { method, path, query: query ? Object.fromEntries(new URLSearchParams(query)) : {} } }],
    responses: [{ is: { statusCode, headers: { 'Content-Type': 'application/json', Connection: 'keep-alive', 'Content-Length': String(Buffer.byteLength(body)) }, body } }],
  };
}) }] });

const bin = (name) => join('node_modules/.bin', name);
const rivals = {
  'WireMock 3.13': { npm: 'wiremock', words: () => [bin('wiremock'), '--port', String(port), '--root-dir', dir, '--disable-banner', '--use-chunked-encoding', 'never', '--disable-gzip'] },
  'Prism 5.16': { npm: '@stoplight/prism-cli', words: (list = 2) => [bin('prism'), 'mock', openapi(list), '--port', String(port), '--host', '127.0.0.1'] },
  'json-server 0.17': { npm: 'json-server', words: () => [bin('json-server'), db(), '--routes', routes, '--port', String(port), '--host', '127.0.0.1', '--quiet'] },
  'mountebank 2.9': { npm: 'mountebank', words: () => [bin('mb'), 'start', '--configfile', imposters(), '--port', String(port + 500), '--nologfile', '--loglevel', 'error', '--pidfile', join(dir, 'mb.pid')] },
};

// onDisk is what a program and all that it depends on take, in MB. Java is
// not counted.
function onDisk(name) {
  if (!name) return statSync(program).size / 1e6;
  const packages = JSON.parse(execFileSync('npm', ['query', `[name="${name}"], [name="${name}"] *`], { encoding: 'utf8', maxBuffer: 1e9 }));
  const size = (path) => readdirSync(path, { withFileTypes: true }).filter((entry) => entry.name !== 'node_modules')
    .reduce((sum, entry) => sum + (entry.isDirectory() ? size(join(path, entry.name)) : lstatSync(join(path, entry.name)).size), 0);
  return packages.reduce((sum, { path }) => sum + size(path), 0) / 1e6;
}

const middle = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const rows = [0, 1, 2, 3];

// byTurns measures losantmock and another server one after the other, since
// the machine is not the same from one second to the next. It gives the middle
// of what each took, and the middle of how many times as many losantmock took.
function byTurns(own, other, which = rows) {
  const turns = Array.from({ length: Number(rounds) }, () => [measure(own), measure(other)]);
  return which.map((row) => ({
    own: middle(turns.map(([mine]) => Number(mine[row][1]))),
    other: middle(turns.map(([, theirs]) => Number(theirs[row][1]))),
    times: middle(turns.map(([mine, theirs]) => mine[row][1] / theirs[row][1])),
    p99: [0, 1].map((who) => middle(turns.map((turn) => parseFloat(turn[who][row][2])))), // ms
  }));
}

const line = (name, took, server) => console.log(`| ${[name, ...took, `${server.took.toFixed(0)} ms`, `${server.memory.toFixed(0)} MB`, `${server.disk.toFixed(0)} MB`].join(' | ')} |`);
console.log('| | one webhook | a list of 10 | a list of 100 | create | p99 of one | start | memory after | on disk |\n|---|---|---|---|---|---|---|---|---|');
let first = true;
for (const [name, { words, npm }] of Object.entries(rivals)) {
  port++;
  const own = await start([program, 'serve', '--quiet', '--listen', `127.0.0.1:${port}`, '--scenario', world]);
  port++;
  signal(own.pid, 'SIGSTOP');
  const other = await start(words());
  measure(other); // to warm up
  measure(own);
  own.memory = memory(own.pid);
  const took = byTurns(own, other);
  if (name.startsWith('Prism')) { // which answers one operation with one example
    stop(other);
    port++;
    const ten = await start(words(1));
    measure(ten);
    [took[1]] = byTurns(own, ten, [1]);
    other.pid = ten.pid;
  }
  other.memory = memory(other.pid);
  stop(other);
  stop(own);
  [own.disk, other.disk] = [onDisk(), onDisk(npm)];
  if (first) line('losantmock', [...took.map((row) => row.own), `${took[0].p99[0]} ms`], own);
  first = false;
  line(name, [...took.map((row) => `${row.other}: ${row.times.toFixed(1)} times`), `${took[0].p99[1]} ms`], other);
}
rmSync(dir, { recursive: true, force: true });
process.exit(0);
