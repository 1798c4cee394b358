// Measures losantmock beside what people use in its place, with the same
// answers, each server on one core and the load on another. The argument is
// losantmock's program; packages come from npm (npm ci), and WireMock needs
// Java. It prints a Markdown table.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = process.argv[2];
const round = process.argv[3] ?? '3s';
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

const measure = (url) => execFileSync('taskset', ['-c', '1', program, 'bench', '--rival', url, '--round', round], { encoding: 'utf8' })
  .trim().split('\n').map((line) => line.split('\t'));

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
  losantmock: () => [program, 'serve', '--quiet', '--listen', `127.0.0.1:${port}`, '--scenario', world],
  'WireMock 3.13': () => [bin('wiremock'), '--port', String(port), '--root-dir', dir, '--disable-banner', '--use-chunked-encoding', 'never', '--disable-gzip'],
  'Prism 5.16': (list = 2) => [bin('prism'), 'mock', openapi(list), '--port', String(port), '--host', '127.0.0.1'],
  'json-server 0.17': () => [bin('json-server'), db(), '--routes', routes, '--port', String(port), '--host', '127.0.0.1', '--quiet'],
  'mountebank 2.9': () => [bin('mb'), 'start', '--configfile', imposters(), '--port', String(port + 500), '--nologfile', '--loglevel', 'error', '--pidfile', join(dir, 'mb.pid')],
};

console.log('| | one webhook | a list of 10 | a list of 100 | create | p99 of one | start | memory after |\n|---|---|---|---|---|---|---|---|');
for (const [name, words] of Object.entries(rivals)) {
  port++;
  try {
    const server = await start(words());
    measure(server.url); // to warm up
    const rows = measure(server.url);
    const after = memory(server.pid);
    stop(server);
    if (name.startsWith('Prism')) {
      port++;
      const ten = await start(words(1));
      rows[1] = measure(ten.url)[1];
      stop(ten);
    }
    console.log(`| ${name} | ${rows.map((row) => row[1]).join(' | ')} | ${rows[0][2]} | ${server.took.toFixed(0)} ms | ${after.toFixed(0)} MB |`);
  } catch (error) {
    console.log(`| ${name} | could not be measured: ${String(error.message).split('\n')[0]} |`);
  }
}
rmSync(dir, { recursive: true, force: true });
process.exit(0);
