/** What stands in the address of a peer is hidden in each form in which the peer may say it again. */
import { expect, onTestFinished, test } from 'vitest';
import { openConvertor } from '../../src/convertor/client.ts';
import { defaultWindow } from '../../src/convertor/settings.ts';
import { startConvertor } from '../../src/demo/convertor.ts';
import { credentialsOf } from '../../src/http/shown.ts';
import { Secret } from '../../src/model/secret.ts';
import { FakeClock } from '../fake-clock.ts';
import { targetOf } from '../reporter/cast.ts';

const shown = (url: string, proxy?: string) =>
  credentialsOf({ url, ...(proxy && { proxy: new Secret(proxy) }) }).map((secret) => secret.reveal());

test('an address without an account shows nothing', () => {
  expect(shown('https://example.com/path?query=value')).toEqual([]);
});

test('a password is shown as it is written, decoded, and as the header has it', () => {
  const forms = shown('https://somebody:p%40ss@example.com');
  expect(forms).toContain('p%40ss');
  expect(forms).toContain('p@ss');
  expect(forms).toContain(Buffer.from('somebody:p@ss').toString('base64'));
});

test('the account of a proxy is shown, too', () => {
  expect(shown('https://example.com', 'http://me:proxy-word@127.0.0.1:1')).toContain('proxy-word');
});

test('a convertor that says our password in an error is not quoted with it', async () => {
  const convertor = await startConvertor();
  onTestFinished(() => convertor.stop());
  convertor.fail({ status: 400, body: 'no entry for pass-word-1, c29tZWJvZHk6cGFzcy13b3JkLTE=' });
  const url = convertor.url.replace('//', '//somebody:pass-word-1@');
  const settings = { url, path: '/v1/health', timeoutMs: 1_000, retries: 0, maxDataAgeMs: 600_000 };
  const client = openConvertor({ ...settings, tls: {}, window: defaultWindow }, new FakeClock(), {
    asked: () => undefined,
    maintenancesFailed: () => undefined,
    maintenancesDropped: () => undefined,
  });
  onTestFinished(() => client.stop());
  await expect(client.read(targetOf('api'))).rejects.toThrow('answered 400: no entry for ***, ***');
});
