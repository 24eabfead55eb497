/** Secrets: their exact bytes arrive whichever way they come, and no message ever holds them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { formatProblem } from '../../src/config/explain.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type Files, load, makeFolder, minimal, parts } from './folder.ts';

const withoutSecret = `${parts.convertor}status_dashboard:\n  url: https://dashboard.example.com\n`;

/** `expected` is the secret's text, or its problems as they are printed; `null`: no secret at all. */
async function check(
  way: { readonly yaml?: string; readonly files?: Files; readonly env?: Readonly<Record<string, string>> },
  expected: { readonly secret: string | null; readonly warning?: string } | { readonly error: string },
): Promise<void> {
  const text = `${withoutSecret}${way.yaml === undefined ? '' : `  ${way.yaml}\n`}${parts.services}`;
  const { config, lines } = await load({ 'config.yaml': text, ...way.files }, way.env);
  if ('error' in expected) {
    expect(lines).toBe(expected.error);
    return;
  }
  expect(lines).toBe(expected.warning ?? '');
  const dashboard = config?.dashboards[0];
  expect(dashboard?.kind).toBe('incidents');
  const secret = dashboard?.kind === 'incidents' ? (dashboard.secret?.reveal() ?? null) : undefined;
  expect(secret).toBe(expected.secret);
}

/** Each with the ways to write it into YAML. */
const odd: ReadonlyMap<string, readonly string[]> = new Map([
  ['0123', ['0123', '"0123"', "'0123'"]],
  ['true', ['true', '"true"']],
  ['False', ['False']],
  ['1e3', ['1e3', '"1e3"']],
  ['0x1F', ['0x1F']],
  ['0o17', ['0o17']],
  ['1.0', ['1.0']],
  ['+5', ['+5']],
  ['12345678901234567890123', ['12345678901234567890123']],
  ['.inf', ['.inf']],
  ['.nan', ['.nan']],
  ['null', ['"null"']],
  ['~', ['"~"', "'~'"]],
  ['yes', ['yes']],
  ['2024-01-20', ['2024-01-20']],
  ['12:34:56', ['12:34:56']],
  [' leading and trailing ', ['" leading and trailing "']],
  ['# not a comment', ['"# not a comment"']],
  ['a: b', ["'a: b'"]],
  ['{"json": [1]}', [`'{"json": [1]}'`]],
  ['*alias &anchor !tag %x @y `z`', ['"*alias &anchor !tag %x @y `z`"']],
  ['back\\slash "and" \'quotes\'', ['"back\\\\slash \\"and\\" \'quotes\'"']],
  ['pa$$word $HOME $(id)', ['pa$$word $HOME $(id)']],
  ['🔑 schlüssel', ['🔑 schlüssel', '"\\U0001F511 schl\\xFCssel"']],
  ['two\nlines', ['"two\\nlines"', '|-\n    two\n    lines']],
  ['x'.repeat(5_000), ['x'.repeat(5_000), `"${'x'.repeat(5_000)}"`]],
]);

for (const [secret, ways] of odd) {
  const name = secret.length > 40 ? `${secret.length} characters` : JSON.stringify(secret);
  test(`${name} from YAML`, async () => {
    for (const way of ways) await check({ yaml: `secret: ${way}` }, { secret });
  });
  test(`${name} from the environment`, () =>
    check({ env: { MP_STATUS_DASHBOARD__SECRET: secret } }, { secret }));
  test(`${name} from a file`, async () => {
    await check({ yaml: 'secret_file: run/token', files: { 'run/token': secret } }, { secret });
    await check({ yaml: 'secret_file: run/token', files: { 'run/token': `${secret}\n` } }, { secret });
  });
}
test('there are 26 of them', () => expect(odd.size).toBe(26));

test('a bare ~ is taken as the text that it is, with a warning', () =>
  check(
    { yaml: 'secret: ~' },
    {
      secret: '~',
      warning:
        'config.yaml:4:11: warning: status_dashboard.secret: a bare ~ is taken as the text ~. Put it in quotes, or leave the key empty',
    },
  ));
test('a bare ~ in a later file wins over a secret in an earlier one, null does not', async () => {
  const { config } = await load({
    'config.yaml': minimal,
    'conf.d/a.yaml': 'status_dashboard: {secret: ~}\n',
    'conf.d/b.yaml': 'status_dashboard: {secret: , timeout: ~}\n',
    'conf.d/c.yaml': 'status_dashboard: {secret: null}\n',
  });
  const dashboard = config?.dashboards[0];
  expect(dashboard?.kind === 'incidents' && dashboard.secret?.reveal()).toBe('~');
});
test('a bare key and null are no secret, so no Authorization header', async () => {
  for (const yaml of ['secret:', 'secret: null', 'secret: Null', 'secret_file:', 'secret_file: ~']) {
    await check({ yaml }, { secret: null });
  }
});

test('a secret that begins with # and has no quotes is a comment, which is told', async () => {
  const warning =
    'config.yaml:4:3: warning: status_dashboard.secret: is empty, because # begins a comment. Put the secret in quotes';
  await check({ yaml: 'secret: #hunter2' }, { secret: null, warning });
  await check({ yaml: 'secret: # set by the environment' }, { secret: null });
  await check({ yaml: 'secret:\n  #secret_file: x' }, { secret: null });
});

const remedy = 'Write the secret, or leave the key out to send no credentials';
test('an empty secret is an error in every form', async () => {
  for (const yaml of ['secret: ""', "secret: ''"]) {
    await check({ yaml }, { error: `config.yaml:4:11: error: status_dashboard.secret: is empty. ${remedy}` });
  }
  for (const empty of ['', '\n', '\r\n']) {
    await check(
      { yaml: 'secret_file: empty', files: { empty } },
      { error: `config.yaml:4:16: error: status_dashboard.secret_file: is empty. ${remedy}` },
    );
  }
});

test('one line end is cut from a file, and no more', async () => {
  const file = (content: string) => ({ yaml: 'secret_file: f', files: { f: content } });
  await check(file('a\n'), { secret: 'a' });
  await check(file('a\r\n'), { secret: 'a' });
  await check(file('a\n\n'), { secret: 'a\n' });
  await check(file(' a \t'), { secret: ' a \t' });
  await check(file('\uFEFFa'), { secret: '\uFEFFa' });
});

test('a file is found from the folder of the file that names it, or by its whole path', async () => {
  const folder = makeFolder({ token: 'absolute' });
  await check({ yaml: `secret_file: ${folder}/token` }, { secret: 'absolute' });
  await check({ env: { MP_STATUS_DASHBOARD__SECRET_FILE: `${folder}/token` } }, { secret: 'absolute' });
  const { config } = await load({
    'config.yaml': minimal.replace(', secret: your-jwt-secret', ''),
    'conf.d/secret.yaml': 'status_dashboard: {secret_file: ../token}\n',
    token: 'relative',
  });
  const dashboard = config?.dashboards[0];
  expect(dashboard?.kind === 'incidents' && dashboard.secret?.reveal()).toBe('relative');
});

test('both forms in the files are an error, in the environment as well', async () => {
  const files = { f: 'x' };
  await check(
    { yaml: 'secret: a\n  secret_file: f', files },
    {
      error:
        'config.yaml:5:16: error: status_dashboard.secret_file: cannot stand beside secret. Keep one of them',
    },
  );
  const { lines } = await load({
    'config.yaml': minimal,
    'conf.d/a.yaml': 'status_dashboard: {secret_file: ../f}\n',
    ...files,
  });
  expect(lines).toBe(
    'conf.d/a.yaml:1:33: error: status_dashboard.secret_file: cannot stand beside secret. Keep one of them',
  );
  await check(
    { env: { MP_STATUS_DASHBOARD__SECRET: 'a', MP_STATUS_DASHBOARD__SECRET_FILE: 'f' } },
    {
      error:
        'env MP_STATUS_DASHBOARD__SECRET_FILE: error: status_dashboard.secret_file: cannot stand beside secret. Keep one of them',
    },
  );
});

test("the environment's form beats the files' form, whichever they are", async () => {
  const folder = makeFolder({ token: 'from-file' });
  const file = { MP_STATUS_DASHBOARD__SECRET_FILE: `${folder}/token` };
  await check({ yaml: 'secret: a', env: file }, { secret: 'from-file' });
  await check({ yaml: 'secret_file: missing', env: { MP_STATUS_DASHBOARD__SECRET: 'b' } }, { secret: 'b' });
  await check({ yaml: 'secret_file: missing', env: file }, { secret: 'from-file' });
});

test('a file that cannot be read is told without its name, which may be the secret', async () => {
  const error = (message: string) => ({
    error: `config.yaml:4:16: error: status_dashboard.secret_file: the file ${message}`,
  });
  await check({ yaml: 'secret_file: hunter2' }, error('does not exist. Check the path'));
  await check({ yaml: 'secret_file: .' }, error('is a folder. Name a file in it'));
  await check({ yaml: 'secret_file: ""' }, error('has no name. Write its path'));
  await check({ yaml: 'secret_file: /dev/null' }, error('is not a regular file. Copy it into a file'));
  await check(
    { yaml: 'secret_file: "a\\0b"' },
    error('cannot be read (ERR_INVALID_ARG_VALUE). Check the path'),
  );
  await check(
    { yaml: 'secret_file: big', files: { big: 'x'.repeat(65_537) } },
    error('is larger than 65536 bytes. Is it the right file?'),
  );
  await check(
    { yaml: 'secret_file: bin', files: { bin: new Uint8Array([0xff, 0xfe]) } },
    error('is not UTF-8 text. Save it as UTF-8'),
  );
});

test('any single value may come from a file, each told by its own place', async () => {
  const { config, lines } = await load({
    'config.yaml': `convertor: {url_file: url, timeout_file: timeout, bearer_token_file: token}
${parts.dashboard}reporter:
  poll_interval_file: interval
  services:
    - {name_file: name}
`,
    url: 'http://localhost:3005\n',
    timeout: '30s\n',
    token: 'bearer\n',
    interval: '120\n',
    name: 'api\n',
  });
  expect(lines).toBe('');
  expect(config?.convertor).toMatchObject({ url: 'http://localhost:3005', timeoutMs: 30_000 });
  expect(config?.convertor.bearerToken?.reveal()).toBe('bearer');
  expect(config?.reporter.pollIntervalMs).toBe(120_000);
  expect(config?.reporter.targets[0]?.service).toBe('api');
  expect(config?.files).toHaveLength(6);
});

test('a wrong value in a file is told by the key of the file', async () => {
  const { lines } = await load({ 'config.yaml': minimal.replace('}', ', timeout_file: t}'), t: 'soon' });
  expect(lines).toBe(
    'config.yaml:1:55: error: convertor.timeout_file: must be a duration, from 100ms to 1h. Write seconds (30) or a text such as 30s, 5m or 2h30m',
  );
});

test('a secret from a file is read again when it is asked to', async () => {
  const folder = makeFolder({
    'config.yaml': `${withoutSecret}  secret_file: token\n${parts.services}`,
    token: 'one\n',
  });
  const { config } = await loadConfig([join(folder, 'config.yaml')], {});
  const dashboard = config?.dashboards[0];
  if (dashboard?.kind !== 'incidents' || !dashboard.secret) throw new Error('no secret');
  expect(await dashboard.secret.renew()).toBe(false);
  writeFileSync(join(folder, 'token'), 'two\n');
  expect(await dashboard.secret.renew()).toBe(true);
  expect(dashboard.secret.reveal()).toBe('two');
  writeFileSync(join(folder, 'token'), '\n');
  expect(await dashboard.secret.renew()).toBe(false);
  expect(dashboard.secret.reveal()).toBe('two');
});

test('no message and no printed configuration holds a secret, however wrong it is written', async () => {
  const wrong = [
    'secret: [hunter2]',
    'secret: {hunter2: hunter2}',
    'secret: *hunter2',
    'secret: &hunter2',
    'secret: !hunter2',
    'secret: @hunter2',
    'secret: %hunter2',
    'secret: "hunter2',
    'secret: "\\qhunter2"',
    "secret: 'hunter2",
    'secret: hunter2: x',
    'secret: |hunter2',
    'secret: {{hunter2}}',
    'secret: [hunter2',
    'secret: - hunter2',
    'secret: ? hunter2',
    'secret: \thunter2: x',
    'secret_file: hunter2',
    'secret: x\n  proxy: ftp://hunter2@x',
    'secret: x\n  url_file: hunter2',
    'timeout: hunter2',
    'mode: hunter2',
    'tls: {key_file: hunter2}',
  ];
  for (const yaml of wrong) {
    const text = `${withoutSecret}  ${yaml}\n${parts.services}`;
    const { problems, config } = await load({ 'config.yaml': text });
    expect([yaml, ...problems.map(formatProblem)].slice(1).join('\n')).not.toContain('hunter2');
    expect(inspect(config, { depth: 9 })).not.toContain('hunter2');
  }
  const { config } = await load({ 'config.yaml': minimal.replace('your-jwt-secret', 'hunter2') });
  expect(inspect(config, { depth: 9 })).not.toContain('hunter2');
  expect(JSON.stringify(config)).not.toContain('hunter2');
});
