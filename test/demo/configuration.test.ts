import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { printConfiguration } from '../../src/demo/config-page.ts';
import { demoConfiguration } from '../../src/demo/configuration.ts';
import { story } from '../../src/demo/story.ts';
import { file } from '../process/program.ts';

const targets = story.cast.map(({ target }) => target);
const settings = {
  dashboardUrl: 'http://127.0.0.1:1',
  secret: 'a-secret-of-thirty-two-characters',
  statusPageUrl: 'http://127.0.0.1:2',
  statusPageSecret: 'another-of-thirty-two-characters!',
  targets,
};

test('a user could start the reporter with it, and with what the page shows', async () => {
  for (const text of [JSON.stringify(demoConfiguration(settings)), printConfiguration(settings)]) {
    const { config, problems } = await loadConfig([file(text)], {});
    expect(problems).toEqual([]);
    expect(config?.reporter.targets.map(({ service, environment }) => ({ service, environment }))).toEqual(
      targets,
    );
    expect(config?.collector?.collectIntervalMs).toBe(1_000);
    expect(config?.dashboards.map(({ name, kind }) => [name, kind])).toEqual([
      ['default', 'incidents'],
      ['public', 'stackmon-v2'],
    ]);
  }
});

test('what the page shows is the same but for the secrets, a line a flag', () => {
  const text = printConfiguration(settings);
  expect(parse(text)).toEqual(demoConfiguration({ ...settings, secret: '***', statusPageSecret: '***' }));
  expect(text).toContain(
    '  - { name: slow, service: search, template: { name: slow }, environments: [ { name: production }, { name: staging } ] }\n',
  );
});

test('every flag of every service has its rule, in each environment', async () => {
  const { config } = await loadConfig([file(JSON.stringify(demoConfiguration(settings)))], {});
  const services = config?.collector?.health?.services ?? [];
  expect(services.map(({ key }) => key).sort()).toEqual(
    [...new Set(targets.map(({ service }) => service))].sort(),
  );
  for (const { key, environments, expressions } of services) {
    expect(expressions.map(({ weight }) => weight)).toEqual([1, 2, 3]);
    for (const { name, flags } of environments) {
      expect(flags.length).toBe(3);
      for (const { query } of flags)
        expect(query).toContain(`{deployment_id="${key}",environment="${name}"}[`);
    }
  }
});
