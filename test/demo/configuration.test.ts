import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { demoConfiguration } from '../../src/demo/configuration.ts';
import { story } from '../../src/demo/story.ts';
import { file } from '../process/program.ts';

const targets = story.cast.map(({ target }) => target);
const settings = { dashboardUrl: 'http://127.0.0.1:1', secret: 'a-secret-of-thirty-two-characters', targets };

test('a user could start the reporter with it: there is nothing to complain about', async () => {
  for (const text of [JSON.stringify, stringify]) {
    const { config, problems } = await loadConfig([file(text(demoConfiguration(settings)))], {});
    expect(problems).toEqual([]);
    expect(config?.reporter.targets.map(({ service, environment }) => ({ service, environment }))).toEqual(
      targets,
    );
    expect(config?.collector?.collectIntervalMs).toBe(1_000);
  }
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
        expect(query).toContain(`{deployment_id="${key}",environment="${name}"}[3s]`);
    }
  }
});
