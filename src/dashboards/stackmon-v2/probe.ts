/** Whether CloudMon's status dashboard with events takes our token, and has the components of all targets. */
import { Failure } from '../../model/failure.ts';
import { overLine, type Probe } from '../probe.ts';
import { authorizer } from '../stackmon/authorization.ts';
import { openComponentIds } from './component-ids.ts';
import { openEventApi } from './event-api.ts';
import type { StackmonV2Settings } from './settings.ts';

export const probeStackmonV2: Probe<StackmonV2Settings> = (settings, { targets, clock }) => {
  const parts = { settings, secret: settings.secret };
  return overLine(parts, clock, async (line, signal) => {
    const api = openEventApi(line, authorizer(settings, clock));
    const components = await api.components(signal);
    // Components are public; whoever asks for events with a token that does not do is refused.
    await api.list(signal);
    const ids = openComponentIds({
      dashboard: settings.name,
      list: async () => components,
      clock,
      pollIntervalMs: Number.POSITIVE_INFINITY,
      note: () => undefined,
    });
    const found = await ids.find(targets, signal);
    return [...found.values()].filter((id) => id instanceof Failure);
  });
};
