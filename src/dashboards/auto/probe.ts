/** Whether it can be found out which version answers, and then what is asked of that one. */
import type { Probe } from '../probe.ts';
import { probeStackmonV1 } from '../stackmon-v1/probe.ts';
import { probeStackmonV2 } from '../stackmon-v2/probe.ts';
import { findKind } from './find-kind.ts';
import type { AutoSettings } from './settings.ts';

export const probeAuto: Probe<AutoSettings> = async (settings, asking) => {
  const surroundings = { clock: asking.clock, rateOf: () => undefined };
  const found = await findKind(settings, surroundings, new AbortController().signal);
  return found.kind === 'stackmon-v2' ? probeStackmonV2(found, asking) : probeStackmonV1(found, asking);
};
