/** The keys of the kind `stackmon-v2`: CloudMon's status dashboard with its events. */
import * as z from 'zod/mini';
import { section } from '../../values/facts.ts';
import { text, word } from '../../values/text.ts';
import { dashboardKeys, dashboardSettings } from '../settings.ts';
import {
  type StackmonSettings,
  stackmonKeys,
  stackmonSettings,
  stackmonWarnings,
} from '../stackmon/settings.ts';

/** What is special about this version. */
export type StackmonV2Own = {
  /** Of an event that we open. */
  readonly title: string;
  readonly description: string;
  /** What happens when one of several components of an event has recovered. */
  readonly shared: 'extract' | 'wait';
};

export type StackmonV2Settings = StackmonSettings & StackmonV2Own & { readonly kind: 'stackmon-v2' };

const titleCharactersMax = 250;
/** The dashboard's own limit. */
const descriptionCharactersMax = 1_500;
const defaultTitle = 'System incident from monitoring system';
const defaultDescription =
  'System-wide incident affecting one or multiple components. Created automatically.';

export function stackmonV2Keys() {
  return {
    title: z.prefault(text(titleCharactersMax, 'The title of an event.'), defaultTitle),
    description: z.prefault(
      text(descriptionCharactersMax, 'The description of an event.'),
      defaultDescription,
    ),
    shared: z.prefault(
      word(
        ['extract', 'wait'],
        'An event of several components, one recovered: it is taken out and closed, or all wait for the last.',
      ),
      'extract',
    ),
  };
}

export const stackmonV2Schema = z.pipe(
  section(
    'CloudMon’s status dashboard with events: opens, changes and closes them.',
    z.strictObject({
      kind: z.literal('stackmon-v2'),
      ...stackmonKeys(),
      ...stackmonV2Keys(),
      ...dashboardKeys('on_change'),
    }),
    ['kind'],
  ),
  z.transform(
    (keys, context): Omit<StackmonV2Settings, 'name'> => ({
      ...dashboardSettings(keys),
      ...stackmonSettings(keys, context),
      title: keys.title,
      description: keys.description,
      shared: keys.shared,
      kind: keys.kind,
    }),
  ),
);

export const stackmonV2Warnings = stackmonWarnings;
