/** The keys of the kind `stackmon-v1`: CloudMon's status dashboard, before its events. */
import * as z from 'zod/mini';
import type { AlarmStatus } from '../../model/status.ts';
import { section } from '../../values/facts.ts';
import { urlPath } from '../../values/text.ts';
import { dashboardKeys, dashboardSettings } from '../settings.ts';
import {
  type StackmonSettings,
  stackmonKeys,
  stackmonSettings,
  stackmonWarnings,
} from '../stackmon/settings.ts';
import { perStatus, statusSection } from '../status-keys.ts';
import { type Template, template } from '../template.ts';

/** What is special about this version. */
export type StackmonV1Own = {
  /** `auto`: where it is, is found out by asking. */
  readonly path: string;
  /** What an incident is called, for each status. */
  readonly text: Readonly<Record<AlarmStatus, Template>>;
};

export type StackmonV1Settings = StackmonSettings & StackmonV1Own & { readonly kind: 'stackmon-v1' };

const textCharactersMax = 1_000;
const defaultText = { 1: 'Service degraded', 2: 'Service outage', 3: 'Service critical' };
const defaultTemplates = {
  1: { text: defaultText[1] },
  2: { text: defaultText[2] },
  3: { text: defaultText[3] },
};

export function stackmonV1Keys() {
  return {
    path: z.prefault(
      urlPath(['auto'], 'Where statuses are posted. auto: /api/v1/component_status, or without /api.'),
      'auto',
    ),
    text: statusSection(
      'What an incident is called, for each status.',
      () => template(textCharactersMax, 'A text with places.'),
      defaultText,
    ),
  };
}

export function stackmonV1Own(
  keys: z.output<z.ZodMiniObject<ReturnType<typeof stackmonV1Keys>>>,
  context: Parameters<typeof perStatus>[3],
): StackmonV1Own {
  return { path: keys.path, text: perStatus(keys.text, defaultTemplates, 'text', context) };
}

export const stackmonV1Schema = z.pipe(
  section(
    'CloudMon’s status dashboard: POST {url}/api/v1/component_status with a signed token.',
    z.strictObject({
      kind: z.literal('stackmon-v1'),
      ...stackmonKeys(),
      ...stackmonV1Keys(),
      ...dashboardKeys('every_poll'),
    }),
    ['kind'],
  ),
  z.transform(
    (keys, context): Omit<StackmonV1Settings, 'name'> => ({
      ...dashboardSettings(keys),
      ...stackmonSettings(keys, context),
      ...stackmonV1Own(keys, context),
      kind: keys.kind,
    }),
  ),
);

export const stackmonV1Warnings = stackmonWarnings;
