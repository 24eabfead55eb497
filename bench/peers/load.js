/**
 * Posts the same number of metrics to a server again and again over kept-alive connections, and says how
 * long it took. It writes prepared bytes and only counts answers, so that the server is what is measured.
 */
import { connect } from 'node:net';

const { port, path, type, form, metricsEach, requests, connections, token } = JSON.parse(process.argv[2]);

const services = 20;
const paths = 50;
const addresses = 1_000;

/** One metric of a web service, in the words of each server. */
const forms = {
  ours: (n) =>
    JSON.stringify({
      timestamp: new Date(Date.now() - (n % 1000)).toISOString(),
      service: `service-${n % services}`,
      method: 'GET',
      path: `/api/path-${n % paths}`,
      source_ip: `192.168.${(n % addresses) >> 8}.${(n % addresses) & 255}`,
      status_code: n % 50 === 0 ? 500 : 200,
      latency_ms: (n * 7) % 250,
    }),
  victoria: (n) =>
    JSON.stringify({
      metric: {
        __name__: 'latency_ms',
        service: `service-${n % services}`,
        method: 'GET',
        path: `/api/path-${n % paths}`,
        source_ip: `192.168.${(n % addresses) >> 8}.${(n % addresses) & 255}`,
        status_code: n % 50 === 0 ? '500' : '200',
      },
      values: [(n * 7) % 250],
      timestamps: [Date.now() - (n % 1000)],
    }),
  pushgateway: (n) =>
    `latency_ms{method="GET",path="/api/path-${n % paths}",source_ip="192.168.${(n % addresses) >> 8}.${(n % addresses) & 255}",status_code="${n % 50 === 0 ? 500 : 200}"} ${(n * 7) % 250}`,
};

function requestOf(index) {
  const lines = Array.from({ length: metricsEach }, (_none, n) => forms[form](index * metricsEach + n));
  const body = Buffer.from(metricsEach === 1 && form === 'ours' ? lines[0] : `${lines.join('\n')}\n`);
  const where = form === 'pushgateway' ? `${path}/service-${index % services}` : path;
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  const head = `POST ${where} HTTP/1.1\r\nHost: 127.0.0.1\r\n${authorization}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** Enough of them that no server sees the same one all the time. */
const prepared = Array.from({ length: Math.min(requests, metricsEach === 1 ? 2_000 : 20) }, (_none, n) =>
  requestOf(n),
);

let sent = 0;
let answered = 0;
const statuses = {};
const latenciesMs = [];
const startedMs = performance.now();
await Promise.all(Array.from({ length: connections }, converse));
const seconds = (performance.now() - startedMs) / 1000;
latenciesMs.sort((a, b) => a - b);
console.log(
  JSON.stringify({
    seconds,
    metrics: answered * metricsEach,
    statuses,
    bytesEach: prepared[0].length,
    p99Ms: latenciesMs[Math.floor(latenciesMs.length * 0.99)],
  }),
);

function converse() {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let askedMs = 0;
    const next = () => {
      if (sent >= requests) return socket.end(resolve);
      askedMs = performance.now();
      socket.write(prepared[sent++ % prepared.length]);
    };
    let heard = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      heard += text;
      if (!isWhole(heard)) return;
      const status = heard.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      heard = '';
      answered++;
      latenciesMs.push(performance.now() - askedMs);
      next();
    });
    socket.once('connect', next);
    socket.once('error', reject);
  });
}

/** A head, and as much of a body as it announces. */
function isWhole(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end));
  return text.length >= end + 4 + Number(length?.[1] ?? 0);
}
