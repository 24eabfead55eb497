/**
 * Clients that push metrics as fast as they are answered, in a process of their own: every metric has a
 * service, a path and an address that never came before. Told how, and at most how many metrics a second, it
 * says what it was answered.
 */
import { once } from 'node:events';
import { connect } from 'node:net';

const [{ port, seconds, connections, addresses, batch, perSecond = Number.POSITIVE_INFINITY }] = await once(
  process,
  'message',
);
const startedMs = performance.now();
const endMs = performance.now() + seconds * 1_000;
let names = 0;
let asked = 0;
const statuses = {};
const refusedMs = [];

function metric() {
  names += 1;
  const address = `10.${names >> 16}.${(names >> 8) & 255}.${names & 255}`;
  return `{"service":"s${names}","path":"/p/${names}","source_ip":"${address}","status_code":200,"latency_ms":${names % 100}}\n`;
}

function request() {
  let body = '';
  for (let n = 0; n < batch; n++) body += metric();
  const type = batch === 1 ? 'application/json' : 'application/x-ndjson';
  return `POST /api/ingest HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function come(number) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: addresses[number % addresses.length] });
    let heard = '';
    let askedMs = 0;
    const next = () => {
      if (performance.now() >= endMs) return socket.destroy();
      const dueMs = startedMs + (asked * batch * 1_000) / perSecond;
      if (dueMs > performance.now()) return setTimeout(next, dueMs - performance.now());
      asked += 1;
      askedMs = performance.now();
      heard = '';
      socket.write(request());
    };
    socket.setEncoding('latin1').on('data', (text) => {
      heard += text;
      const end = heard.indexOf('\r\n\r\n');
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(heard)?.[1]);
      if (end < 0 || heard.length < end + 4 + length) return;
      const status = heard.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status !== '200') refusedMs.push(performance.now() - askedMs);
      if (!/\r\nconnection: close/i.test(heard)) next();
    });
    socket.once('connect', next);
    socket.once('error', () => undefined);
    socket.once('close', () => resolve(performance.now() < endMs ? come(number) : undefined));
  });
}

await Promise.all(Array.from({ length: connections }, (_, number) => come(number)));
refusedMs.sort((a, b) => a - b);
process.send({
  asked,
  accepted: (statuses[200] ?? 0) * batch,
  statuses,
  refusedP99Ms: refusedMs[Math.floor(refusedMs.length * 0.99)] ?? 0,
});
process.disconnect();
