/** The keys of the kind `auto`: CloudMon's status dashboard, of a version that is found out by asking. */
import * as z from 'zod/mini';
import { section } from '../../values/facts.ts';
import { word } from '../../values/text.ts';
import { type DashboardSettings, dashboardKeys, dashboardSettings } from '../settings.ts';
import {
  type StackmonSettings,
  stackmonKeys,
  stackmonSettings,
  stackmonWarnings,
} from '../stackmon/settings.ts';
import { type StackmonV1Own, stackmonV1Keys, stackmonV1Own } from '../stackmon-v1/settings.ts';
import { type StackmonV2Own, stackmonV2Keys } from '../stackmon-v2/settings.ts';

type Send = DashboardSettings['send'];

export type AutoSettings = StackmonSettings &
  StackmonV1Own &
  StackmonV2Own & {
    readonly kind: 'auto';
    /** What `send` becomes with what is found; until then nothing is sent at all. */
    readonly sendOf: { readonly 'stackmon-v1': Send; readonly 'stackmon-v2': Send };
  };

export const autoSchema = z.pipe(
  section(
    'CloudMon’s status dashboard: which version it is, is found out by asking.',
    z.strictObject({
      kind: z.literal('auto'),
      ...stackmonKeys(),
      ...stackmonV1Keys(),
      ...stackmonV2Keys(),
      ...dashboardKeys('on_change'),
      send: z.exactOptional(
        word(['every_poll', 'on_change'], 'Absent: every_poll for stackmon-v1, on_change for stackmon-v2.'),
      ),
    }),
    ['kind'],
  ),
  z.transform(
    (keys, context): Omit<AutoSettings, 'name'> => ({
      ...dashboardSettings({ ...keys, send: keys.send ?? 'on_change' }),
      ...stackmonSettings(keys, context),
      ...stackmonV1Own(keys, context),
      title: keys.title,
      description: keys.description,
      shared: keys.shared,
      kind: keys.kind,
      sendOf: { 'stackmon-v1': keys.send ?? 'every_poll', 'stackmon-v2': keys.send ?? 'on_change' },
    }),
  ),
);

export const autoWarnings = stackmonWarnings;
