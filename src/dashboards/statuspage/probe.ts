/** Whether a page at Statuspage can be had with this key, and has our components. */
import { missingOn, overLine, type Probe } from '../probe.ts';
import { openPage } from './page.ts';
import type { StatuspageSettings } from './settings.ts';

export const probeStatuspage: Probe<StatuspageSettings> = async (settings, asking) => {
  const parts = { settings, secret: settings.apiKey };
  const components = await overLine(parts, asking.clock, (line, signal) =>
    openPage(line, settings).components(signal),
  );
  return missingOn(components, settings.name, asking);
};
