/**
 * Whether somebody named `telemetry.tls.client_ca_file` and gave it no value.
 *
 * A bare key is absent, and so is an empty variable; for this one key absence opens a door, and whoever
 * wrote its name meant to shut it: a template whose value went missing.
 */
import type { Environment } from './environment.ts';
import { at, isNull, type LocatedMap } from './located.ts';

const variable = 'MP_TELEMETRY__TLS__CLIENT_CA_FILE';

export function isAuthorityBare(tree: LocatedMap, env: Environment): boolean {
  const written = at(tree, 'telemetry', 'tls', 'client_ca_file');
  if (written !== undefined) return isNull(written);
  return Object.entries(env).some(([name, text]) => name.toUpperCase() === variable && text === '');
}
