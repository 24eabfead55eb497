import { test } from 'vitest';
import { X509Certificate } from 'node:crypto';
import https from 'node:https';
import { createServer } from 'node:https';
import { authority, certificate } from './certificates.ts';
test('probe', async () => {
  const t = performance.now();
  const ca = await authority('one authority'); const other = await authority('two');
  const cases = { good: {by: ca}, unknown: {by: other}, self: {}, expired: {by: ca, from: -10, to: -1}, early: {by: ca, from: 1, to: 9}, host: {by: ca, host: 'other.example'}, client: {by: ca, use: 'client'} } as any;
  for (const [n, w] of Object.entries(cases)) {
    const c = await certificate(w as any);
    if (n==='client') console.log(new X509Certificate(c.cert).toString(), new X509Certificate(c.cert).keyUsage);
    const s = createServer({ key: c.key, cert: c.cert }, (q, r) => r.end('ok'));
    await new Promise<void>((r) => s.listen(0, '127.0.0.1', () => r()));
    const got = await new Promise((r) => https.get({ host: '127.0.0.1', port: (s.address() as any).port, ca: ca.cert }, (x) => { x.resume(); r(x.statusCode) }).on('error', (e: any) => r(e.code + ' ' + e.message)));
    console.log(n, got); s.close();
  }
  const s = createServer({ ...(await certificate({ by: ca })), minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, (q, r) => r.end('ok'));
    await new Promise<void>((r) => s.listen(0, '127.0.0.1', () => r()));
    for (const minVersion of [undefined, 'TLSv1'] as any) {
    const got = await new Promise((r) => https.get({ host: '127.0.0.1', port: (s.address() as any).port, ca: ca.cert, minVersion, ciphers: 'DEFAULT@SECLEVEL=0' }, (x) => { x.resume(); r(x.statusCode) }).on('error', (e: any) => r(e.code + ' ' + e.message)));
    console.log('1.1', minVersion, got); }
  console.log((await certificate({passphrase: 'x12345678'})).key, performance.now() - t);
});
