/** Polls like the reporter, at the same beat and as many at once, with nothing around it: got or bare `node:http`. */
import { Agent, get } from 'node:http';
import got from 'got';
import { serviceName } from '../configuration.js';

const { url, client, targets, intervalMs, concurrency } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo' });
const poll = client === 'got' ? pollWithGot : pollWithHttp;

for (let beatMs = performance.now(); ; beatMs = Math.max(beatMs + intervalMs, performance.now())) {
  await pollAll();
  const restMs = beatMs + intervalMs - performance.now();
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
}

async function pollAll() {
  let next = 0;
  const work = async () => {
    while (next < targets) await poll(urlOf(next++));
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

function urlOf(index) {
  const now = Date.now();
  const from = new Date(now - 300_000).toISOString();
  const query = `from=${from}&to=${new Date(now).toISOString()}`;
  return `${url}/v1/health?${query}&service=${serviceName(index)}&environment=production`;
}

async function pollWithGot(address) {
  const { body } = await got(address, {
    agent: { http: agent },
    retry: { limit: 0 },
    timeout: { request: 10_000 },
    responseType: 'json',
  });
  return body;
}

function pollWithHttp(address) {
  return new Promise((resolve, reject) => {
    const request = get(address, { agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    request.on('error', reject);
  });
}
