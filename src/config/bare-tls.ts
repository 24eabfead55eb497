/**
 * The files of `telemetry.tls` that somebody named and gave no value.
 *
 * A bare key is absent, and so is an empty variable; for these absence opens a door, and whoever
 * wrote their names meant to shut it: a template whose values went missing.
 */
import { type Environment, variableOf } from './environment.ts';
import { at, isNull, type LocatedMap } from './located.ts';

const names = ['cert_file', 'key_file', 'client_ca_file'] as const;

export type BareTls = ReadonlySet<(typeof names)[number]>;

export function bareTls(tree: LocatedMap, env: Environment): BareTls {
  return new Set(names.filter((name) => isBare(tree, env, name)));
}

function isBare(tree: LocatedMap, env: Environment, name: string): boolean {
  const written = at(tree, 'telemetry', 'tls', name);
  if (written !== undefined) return isNull(written);
  return variableOf(env, ['telemetry', 'tls', name]) === '';
}
