/** Whether CloudMon's status dashboard lists the components of all targets: asked without a token. */
import { Failure } from '../../model/failure.ts';
import type { Line } from '../line.ts';
import { overLine, type Probe } from '../probe.ts';
import { componentsIn, isComponentOf, type NamedComponent, unknownComponent } from '../stackmon/component.ts';
import type { StackmonV1Settings } from './settings.ts';
import { statusPaths } from './status-path.ts';

export const probeStackmonV1: Probe<StackmonV1Settings> = async (settings, { targets, clock }) => {
  const parts = { settings, secret: settings.secret };
  const components = await overLine(parts, clock, (line, signal) => listed(line, settings.path, signal));
  const isKnown = (target: (typeof targets)[number]) =>
    components.some((component) => isComponentOf(component, target));
  return targets.filter((target) => !isKnown(target)).map((target) => unknownComponent(target));
};

async function listed(line: Line, path: string, signal: AbortSignal): Promise<readonly NamedComponent[]> {
  let failure: Failure | undefined;
  for (const candidate of statusPaths(path)) {
    try {
      return componentsIn(await line.ask(candidate, undefined, signal));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = error;
      if (error.httpStatus !== 404) break;
    }
  }
  throw failure ?? new Error('a dashboard has a path');
}
