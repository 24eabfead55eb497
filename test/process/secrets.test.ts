/** Secrets sign with their exact bytes, wherever they come from, and are seen nowhere. */
import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { startDashboard } from '../../src/demo/dashboard.ts';
import { file, run, start, temporaryFolder } from './program.ts';

/** Written in YAML without quotes where `plain` says so. */
const odd: readonly { readonly secret: string; readonly plain?: true }[] = [
  { secret: '0123', plain: true },
  { secret: 'true', plain: true },
  { secret: '~', plain: true },
  { secret: '1e3', plain: true },
  { secret: '0x1F', plain: true },
  { secret: '1_000', plain: true },
  { secret: '12345678901234567890', plain: true },
  { secret: '2026-01-20', plain: true },
  { secret: '.inf', plain: true },
  { secret: '-dash', plain: true },
  { secret: 'no', plain: true },
  { secret: 'a#b', plain: true },
  { secret: 'null' },
  { secret: ' leading space' },
  { secret: 'trailing space ' },
  { secret: ' ' },
  { secret: '🔑 émoji ☃' },
  { secret: 'x'.repeat(5_000) },
  { secret: '"quoted"' },
  { secret: "it's" },
  { secret: 'back\\slash\\n' },
  { secret: '$HOME $(id) %s {{service}}' },
  { secret: 'a: b, [c] {d} & * ! | > @ `' },
  { secret: 'tab\there' },
  { secret: 'line\nbreak' },
  { secret: 'eyJhbGciOiJIUzI1NiJ9.e30.x' },
];

function yaml(secretLine: string): string {
  return [
    'convertor: {url: http://127.0.0.1:9}',
    'status_dashboard:',
    '  url: http://127.0.0.1:9',
    secretLine,
    'reporter: {services: [{name: api, environment: production}]}',
  ].join('\n');
}

/** The token that the program signs, taken apart and verified against the secret's UTF-8 bytes. */
async function check(args: { readonly line: string; readonly env?: Record<string, string> }, secret: string) {
  const subject = ['--service', 'api', '--environment', 'production', '--status', '2'];
  const { code, stdout, stderr } = await run(['token', '-c', file(yaml(args.line)), ...subject], args.env);
  expect([code, stderr.includes('error:')], stderr).toEqual([0, false]);
  const [header = '', payload = '', signature] = stdout.trim().split('.');
  const expected = createHmac('sha256', Buffer.from(secret))
    .update(`${header}.${payload}`)
    .digest('base64url');
  expect(signature).toBe(expected);
  const isShort = secret.trim().length < 8;
  if (!isShort) expect(stderr).not.toContain(secret);
}

test.each(odd)('$secret.length characters sign exactly: %#', async ({ secret, plain }) => {
  const text = plain ? secret : JSON.stringify(secret);
  await Promise.all([
    check({ line: `  secret: ${text}` }, secret),
    check({ line: '', env: { MP_STATUS_DASHBOARD__SECRET: secret } }, secret),
    check({ line: `  secret_file: ${file(`${secret}\n`, 'secret')}` }, secret),
    check({ line: '', env: { MP_STATUS_DASHBOARD__SECRET_FILE: file(secret, 'secret') } }, secret),
  ]);
});

test('a secret that was renewed, replaced or cut in two is not seen either', async () => {
  const [old, renewed, replaced] = ['OLD-token-0123456789', 'NEW-token-0123456789', 'THIRD-token-0123456789'];
  const convertor = await startConvertor();
  onTestFinished(() => convertor.stop());
  const folder = temporaryFolder();
  let answers = 0;
  convertor.fail(({ request, response }) => {
    answers++;
    if (answers === 1) file(renewed, 'bearer', folder);
    response.writeHead(answers === 1 ? 401 : 400);
    const { authorization = '' } = request.headers;
    response.end(`${'x'.repeat(165)} ${authorization} ${authorization.slice(7)}`);
  });
  const bearer = file(old, 'bearer', folder);
  const text = (timeout: number) =>
    [
      `convertor: {url: "${convertor.url}", bearer_token_file: ${bearer}, timeout: ${timeout}}`,
      'status_dashboard: {kind: console}',
      'reporter: {poll_interval: 1, services: [{name: api, environment: production}]}',
    ].join('\n');
  const program = start(['-c', file(text(5), 'config.yaml', folder), '--log-level', 'trace']);
  await program.waitForLog(({ reason }) => reason === 'rejected');
  file(replaced, 'bearer', folder);
  file(text(6), 'config.yaml', folder);
  program.signal('SIGHUP');
  await program.waitForLog('Configuration was reloaded');
  const asked = convertor.requests.length;
  await convertor.waitForRequest(() => true, asked + 2);
  program.signal('SIGTERM');
  await program.ended();
  const checked = await run(['check', '--online', '-c', file(text(5), 'config.yaml', folder)]);
  expect(program.stdout() + checked.stdout).not.toMatch(/(OLD|NEW|THIRD)-t/);
});

test('a token that no header can carry is a problem of the configuration', async () => {
  const text = [
    `convertor: {url: http://127.0.0.1:9, bearer_token_file: ${file('good-token\n\n', 'bearer')}}`,
    'status_dashboard: {kind: console}',
    'reporter: {services: [{name: api, environment: production}]}',
  ].join('\n');
  const { code, stdout } = await run(['check', '-c', file(text)]);
  expect(code).toBe(78);
  expect(stdout).toContain('holds a character that no HTTP header can carry. Look for blanks');
});

test('no secret is seen at trace, whatever goes wrong', async () => {
  const canaries = {
    jwt: 'canary-jwt-secret-0123456789',
    bearer: 'canary-bearer-token-0123456789',
    userinfo: 'canary-userinfo-0123456789',
  };
  const convertor = await startConvertor();
  const dashboard = await startDashboard({ secret: canaries.jwt });
  onTestFinished(async () => {
    await Promise.all([convertor.stop(), dashboard.stop()]);
  });
  // A peer that tells us our own credentials.
  dashboard.fail(({ request, response }) => {
    response.writeHead(400).end(`you sent ${request.headers.authorization} with ${canaries.jwt}`);
  });
  convertor.set('echo', 'production', {
    answer: ({ request, response }) => {
      response.writeHead(403).end(`you sent ${request.headers.authorization}`);
    },
  });
  convertor.set('api', 'production', { status: 2, matchedExpression: `x == ${canaries.jwt}` });
  const text = [
    'convertor:',
    `  url: ${convertor.url.replace('http://', `http://user:${canaries.userinfo}@`)}`,
    `  bearer_token_file: ${file(canaries.bearer, 'bearer')}`,
    `status_dashboard: {url: "${dashboard.url}", secret: ${canaries.jwt}}`,
    'dashboards:',
    `  gone: {url: "http://user:${canaries.userinfo}@127.0.0.1:9/", secret: ${canaries.jwt}, retries: 0}`,
    'reporter:',
    '  poll_interval: 1',
    '  services: [{name: api, environment: production}, {name: echo, environment: production}]',
  ].join('\n');
  const config = file(text);
  const program = start(['-c', config, '--log-level', 'trace'], { DEBUG: '*', NODE_DEBUG: '' });
  await program.waitForLog(/Could not send/, 2);
  await program.waitForLog(({ reason }) => reason === 'unauthorized');
  file('reporter: {poll_interval: canary', 'config.yaml', config.replace(/\/config\.yaml$/, ''));
  program.signal('SIGHUP');
  await program.waitForLog('Configuration is broken');
  program.signal('SIGTERM');
  await program.ended();
  const shown = await run(['config', '-c', file(text)]);
  const checked = await run(['check', '--online', '-c', file(text)]);
  const output = [
    program.stdout(),
    program.stderr(),
    shown.stdout,
    shown.stderr,
    checked.stdout,
    checked.stderr,
  ].join();
  for (const canary of Object.values(canaries)) expect(output).not.toContain(canary);
  expect(output).not.toMatch(/eyJ/);
});
