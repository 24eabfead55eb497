/** Certificates of every kind, made on the spot: authorities, servers, clients. */
import { type GenerateResult, generate } from 'selfsigned';

export type Certificate = { readonly cert: string; readonly key: string };

export type Wish = {
  /** Who signs; absent: itself. */
  readonly by?: Certificate | undefined;
  /** A host name instead of localhost and the loopback addresses. */
  readonly host?: string;
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  readonly use?: 'server' | 'client';
  /** Encrypts the key. */
  readonly passphrase?: string;
};

const dayMs = 86_400_000;

export function authority(name: string): Promise<Certificate> {
  return make(name, {}, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
}

export function certificate(wish: Wish = {}): Promise<Certificate> {
  const { host, use = 'server' } = wish;
  return make(host ?? 'localhost', wish, [
    { name: 'basicConstraints', cA: false },
    { name: 'extKeyUsage', serverAuth: use === 'server', clientAuth: use === 'client' },
    {
      name: 'subjectAltName',
      altNames: host
        ? [{ type: 2, value: host }]
        : [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
    },
  ]);
}

async function make(
  name: string,
  { by, from = -1, to = 30, passphrase }: Wish,
  extensions: NonNullable<Parameters<typeof generate>[1]>['extensions'],
): Promise<Certificate> {
  const made: GenerateResult = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + from * dayMs),
    notAfterDate: new Date(Date.now() + to * dayMs),
    ...(by && { ca: by }),
    ...(extensions && { extensions }),
    ...(passphrase !== undefined && { passphrase }),
  });
  return { cert: made.cert, key: made.private };
}
