/**
 * Where a running reporter may be asked how it is, also by a configuration that it would refuse: what is
 * broken now need not be what it runs with.
 */
import type { CollectConfig, Config } from './config.ts';
import { type Environment, variableOf } from './environment.ts';
import type { Loaded } from './load.ts';
import { at, isNull, type Located } from './located.ts';

export type TelemetryPlace = { readonly port: number; readonly address: string; readonly isSecure: boolean };

/** @param loaded undefined, or without a tree, where only the environment is known */
export function telemetryPlace(
  loaded: Loaded<Config | CollectConfig> | undefined,
  env: Environment,
): TelemetryPlace {
  const { config, origins } = loaded ?? {};
  if (config) {
    const { port = 0, address, tls } = config.telemetry;
    // A collector alone answers the same where it listens.
    if (port === 0 && !('reporter' in config)) return { ...config.collector, isSecure: false };
    return { port, address, isSecure: tls !== undefined };
  }
  const written = (...path: readonly string[]) =>
    textOf(at(origins?.tree, 'telemetry', ...path)) ?? (variableOf(env, ['telemetry', ...path]) || undefined);
  return {
    port: Number(written('port') ?? 0),
    address: written('address') ?? '127.0.0.1',
    isSecure: written('tls', 'cert_file') !== undefined,
  };
}

function textOf(node: Located | undefined): string | undefined {
  if (node === undefined || isNull(node)) return undefined;
  if (node.type === 'scalar') return node.text;
  return node.type === 'file' ? node.path : undefined;
}
