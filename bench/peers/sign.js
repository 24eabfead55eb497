/** Signs the same claims in three ways and prints the microseconds that each takes, as JSON. */
import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { tokenSigner } from '../../src/dashboards/token.ts';
import { Secret } from '../../src/model/secret.ts';
import { median } from '../table.js';

const { secret, rounds, count } = JSON.parse(process.argv[2]);
const header = { alg: 'HS256', typ: 'JWT' };
const claims = { service: 'api', environment: 'production', status: 1, timestamp: 1_800_000_000 };
const bytes = Buffer.from(secret);
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const ways = {
  ours: tokenSigner(new Secret(secret)),
  raw: (told) => new SignJWT(told).setProtectedHeader(header).sign(bytes),
  hmac: async (told) => {
    const text = `${encode(header)}.${encode(told)}`;
    return `${text}.${createHmac('sha256', bytes).update(text).digest('base64url')}`;
  },
};

const tokens = await Promise.all(Object.values(ways).map((sign) => sign(claims)));
if (new Set(tokens).size !== 1) throw new Error('the three ways sign different tokens');

const taken = { ours: [], raw: [], hmac: [] };
for (let round = 0; round <= rounds; round++) {
  for (const [name, sign] of Object.entries(ways)) {
    const startedMs = performance.now();
    for (let index = 0; index < count; index++) await sign(claims);
    // The first round only warms up.
    if (round > 0) taken[name].push(((performance.now() - startedMs) * 1000) / count);
  }
}
console.log(
  JSON.stringify(Object.fromEntries(Object.entries(taken).map(([name, us]) => [name, median(us)]))),
);
