/** Checks the files of a TLS connection before the first connection needs them. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

export type PemTexts = { readonly ca?: string; readonly cert?: string; readonly key?: string };
export type PemFinding = {
  readonly file: keyof PemTexts;
  readonly message: string;
  readonly remedy?: string;
};

const noCertificate = {
  message: 'is not a PEM certificate',
  remedy: 'It begins with -----BEGIN CERTIFICATE-----',
};
const damaged = {
  message: 'holds a certificate that is damaged or cut off',
  remedy: 'Write it again, whole',
};

/** What keeps a connection from being made. The messages hold nothing of the files. */
export function pemErrors(texts: PemTexts): readonly PemFinding[] {
  const found: PemFinding[] = [
    ...certificateErrors('ca', texts.ca),
    ...certificateErrors('cert', texts.cert),
  ];
  if (texts.cert !== undefined && texts.key === undefined) {
    found.push({ file: 'cert', message: 'needs key_file beside it', remedy: 'Give both or neither' });
  }
  if (texts.key !== undefined && texts.cert === undefined) {
    found.push({ file: 'key', message: 'needs cert_file beside it', remedy: 'Give both or neither' });
  }
  if (texts.key !== undefined && /\bENCRYPTED\b/.test(texts.key)) {
    found.push({
      file: 'key',
      message: 'is encrypted with a password',
      remedy: 'Store it without: openssl pkey -in KEY -out PLAIN-KEY',
    });
  } else if (texts.key !== undefined && !isKey(texts.key)) {
    found.push({
      file: 'key',
      message: 'is not a private key in PEM without a password',
      remedy: 'It begins with -----BEGIN PRIVATE KEY-----',
    });
  }
  return found.length === 0 && texts.cert !== undefined && texts.key !== undefined
    ? pairErrors(texts.cert, texts.key)
    : found;
}

function certificateErrors(file: 'ca' | 'cert', text: string | undefined): readonly PemFinding[] {
  if (text === undefined || certificates(text)) return [];
  return [{ file, ...(countBeginnings(text) > 0 ? damaged : noCertificate) }];
}

/** Of a certificate and a key that are each fine by themselves. */
function pairErrors(cert: string, key: string): readonly PemFinding[] {
  const isPair = certificates(cert)?.[0]?.checkPrivateKey(createPrivateKey(key));
  if (!isPair) return [{ file: 'key', message: 'does not belong to the certificate in cert_file' }];
  if (loads({ cert, key })) return [];
  return [{ file: 'cert', message: 'is refused by OpenSSL: is its key too short?', remedy: 'Make another' }];
}

/** Whether the first certificate may be shown by a server: where it says what it is for, that counts. */
export function isForServers(cert: string): boolean {
  const uses: readonly string[] | undefined = certificates(cert)?.[0]?.keyUsage;
  return uses === undefined || uses.some((use) => use === serverAuth || use === anyUse);
}

const serverAuth = '1.3.6.1.5.5.7.3.1';
const anyUse = '2.5.29.37.0';

/** Whether any of them may sign others, or is its own authority: a client shows the very same. */
export function holdsAuthority(text: string): boolean {
  return (certificates(text) ?? []).some(({ ca, issuer, subject }) => ca || issuer === subject);
}

/** How many certificates a file holds. */
export function countCertificates(text: string): number {
  return certificates(text)?.length ?? 0;
}

/** Where files without a line end were joined, OpenSSL would pass over the certificates after the first. */
export function onOwnLines(pem: string): string {
  return pem.replaceAll('-----BEGIN ', '\n-----BEGIN ');
}

/** Certificates whose time is over or has not come. */
export function pemWarnings(texts: PemTexts, nowMs: number): readonly PemFinding[] {
  const found: PemFinding[] = [];
  for (const file of ['ca', 'cert'] as const) {
    for (const certificate of certificates(texts[file] ?? '') ?? []) {
      const from = new Date(certificate.validFrom);
      const to = new Date(certificate.validTo);
      if (to.getTime() < nowMs) {
        found.push({ file, message: `has a certificate that expired on ${day(to)}`, remedy: 'Renew it' });
      } else if (from.getTime() > nowMs) {
        found.push({ file, message: `has a certificate that is not valid before ${day(from)}` });
      }
    }
  }
  return found;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** Undefined unless there are some and all are whole: OpenSSL passes over what follows a broken one. */
function certificates(text: string): readonly X509Certificate[] | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (blocks?.length !== countBeginnings(text)) return undefined;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

function countBeginnings(text: string): number {
  return text.match(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/g)?.length ?? 0;
}

function isKey(text: string): boolean {
  try {
    createPrivateKey(text);
    return loads({ key: text });
  } catch {
    return false;
  }
}

function loads(texts: PemTexts): boolean {
  try {
    createSecureContext(texts);
    return true;
  } catch {
    return false;
  }
}
