/** Whether a page of Cachet can be read, and has our components. They are public: the token is not tried. */
import { missingOn, overLine, type Probe } from '../probe.ts';
import type { CachetSettings } from './settings.ts';
import { openPage } from './versions.ts';

export const probeCachet: Probe<CachetSettings> = async (settings, asking) => {
  const parts = { settings, secret: settings.token };
  const components = await overLine(parts, asking.clock, (line, signal) =>
    openPage(line, settings, { reporterId: '', note: () => undefined }).components(signal),
  );
  return missingOn(components, settings.name, asking);
};
