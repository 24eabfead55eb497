/** Questions that are posted: what is sent, and that they are asked again where a connection had gone. */
import { expect, onTestFinished, test } from 'vitest';
import { reply, text } from '../../src/demo/reply.ts';
import { startServer } from '../../src/demo/server.ts';
import * as wire from '../../src/demo/wire.ts';
import { type LongAsker, openAsker } from '../../src/http/ask.ts';
import { systemClock } from '../../src/model/clock.ts';
import { Failure } from '../../src/model/failure.ts';

type Heard = { readonly method: string; readonly length: string | undefined; readonly body: string };

/** Answers as the body of each request wants it. */
async function start(): Promise<{ readonly url: URL; readonly heard: Heard[]; readonly asker: LongAsker }> {
  const heard: Heard[] = [];
  const server = await startServer({}, (exchange, { method, headers }) => {
    const { request } = exchange;
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      heard.push({ method, length: headers['content-length'], body });
      if (body === 'hang') return;
      if (body === 'close' && heard.length === 2) wire.close(exchange);
      else reply(exchange, text(200, `heard ${body}`));
    });
  });
  const asker = openAsker('datasource', new URL(server.url), { tls: {} }, 1_000, systemClock);
  onTestFinished(() => {
    asker.stop();
    return server.stop();
  });
  return { url: new URL(server.url), heard, asker };
}

async function said(asker: LongAsker, url: URL, body: string, timeoutMs = 1_000): Promise<string> {
  try {
    return (await asker.post(url, {}, body, timeoutMs)).body.toString();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.code;
  }
}

test('a body is sent whole, with its length in bytes', async () => {
  const { url, heard, asker } = await start();
  const body = 'é'.repeat(100_000);
  expect(await said(asker, url, body)).toBe('datasource.garbled');
  expect(heard).toEqual([{ method: 'POST', length: '200000', body }]);
});

test('an empty body is one', async () => {
  const { url, heard, asker } = await start();
  expect(await said(asker, url, '')).toBe('heard ');
  expect(heard).toEqual([{ method: 'POST', length: '0', body: '' }]);
});

test('a connection that was closed meanwhile costs no answer', async () => {
  const { url, heard, asker } = await start();
  expect(await said(asker, url, 'first')).toBe('heard first');
  expect(await said(asker, url, 'close')).toBe('heard close');
  expect(heard.map(({ body }) => body)).toEqual(['first', 'close', 'close']);
});

test('it has a deadline, too', async () => {
  const { url, asker } = await start();
  expect(await said(asker, url, 'hang', 50)).toBe('datasource.timeout');
});
