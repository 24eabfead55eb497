/** What a fake convertor says about one target, and the answer that says it. */
import { json, type Reply } from './reply.ts';
import { type Point, type Shape, shapes, type Told } from './shapes.ts';

export type TargetState = {
  /** Default 0. Anything is sent as it is, garbage too. */
  readonly status?: unknown;
  /** Default A. `/render` always answers E. */
  readonly shape?: Shape;
  /** How old the newest point is; negative: in the future. Default 0. */
  readonly ageMs?: number;
  /** Instead of `status` and `ageMs`: the points themselves, oldest first. */
  readonly points?: readonly Point[];
  /** `metric_states`. Default: `<service>.api_down`, true when the status is raised. */
  readonly flags?: Readonly<Record<string, boolean>>;
  readonly matchedExpression?: string;
  readonly category?: string;
  readonly regions?: readonly string[];
  /** Default: as asked. */
  readonly saysService?: string;
  readonly saysEnvironment?: string;
  readonly delayMs?: number;
  /** Instead of everything above. */
  readonly answer?: Reply;
};

export type Target = { readonly service: string; readonly environment: string };

export function stateReply(target: Target, state: TargetState, path: string, nowMs: number): Reply {
  if (state.answer) return state.answer;
  const shape = path === '/render' ? 'E' : (state.shape ?? 'A');
  const delay = state.delayMs === undefined ? {} : { delayMs: state.delayMs };
  if (shape === 'X') return { ...json(409, { message: 'Service not supported' }), ...delay };
  return { ...json(200, shapes[shape](told(target, state, nowMs))), ...delay };
}

function told({ service, environment }: Target, state: TargetState, nowMs: number): Told {
  const { status = 0, ageMs = 0 } = state;
  const points = state.points ?? [{ timeMs: nowMs - ageMs, value: status }];
  const newest = points.at(-1)?.value;
  return {
    service: state.saysService ?? service,
    environment: state.saysEnvironment ?? environment,
    category: state.category ?? 'compute',
    points,
    flags: state.flags ?? { [`${service}.api_down`]: typeof newest === 'number' && newest > 0 },
    ...(state.matchedExpression !== undefined && { matchedExpression: state.matchedExpression }),
    regions: state.regions ?? ['eu-de-01'],
  };
}
