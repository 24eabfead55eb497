/**
 * The kind `stackmon-v1`: CloudMon's status dashboard before its events, and the same page of a newer one.
 *
 * It folds what it is told into its own incidents, which it lets get worse and never better: humans close
 * them. What it knows already it answers with 409.
 */
import type { HttpAnswer } from '../../http/ask.ts';
import type { Answer, SeparateDashboard, Telling } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import { openLine } from '../line.ts';
import { idOf, isSaid, jsonOf, type Said, textOf } from '../said.ts';
import { authorizer } from '../stackmon/authorization.ts';
import { attributesOf } from '../stackmon/component.ts';
import type { Surroundings } from '../surroundings.ts';
import { render } from '../template.ts';
import { openCatalog } from './catalog.ts';
import type { StackmonV1Settings } from './settings.ts';
import { openStatusPath } from './status-path.ts';

/** What whoever knows the path refuses with. */
const knowing = [400, 409, 422];

/** How several versions say that they have no such component. */
const unknownWords = /component (does not exist|not found)/i;

export function openStackmonV1(settings: StackmonV1Settings, surroundings: Surroundings): SeparateDashboard {
  const { clock, pollIntervalMs } = surroundings;
  const authorize = authorizer(settings, clock);
  const line = openLine({ settings, surroundings, secret: settings.secret });
  const path = openStatusPath(settings.path);
  const catalog = openCatalog({ line, path, clock, pollIntervalMs });

  async function post({ action, isWanted }: Telling, signal: AbortSignal): Promise<HttpAnswer> {
    const headers = async () => ({
      'idempotency-key': action.idempotencyKey,
      ...(await authorize()),
    });
    const body = bodyOf(action, settings);
    const sendTo = async (candidate: string) => {
      const answer = await line.send({ method: 'POST', path: candidate, headers, body, isWanted }, signal);
      if (isKnowing(answer)) path.settle(candidate);
      return answer;
    };
    const [first = '', ...others] = path.candidates();
    const answer = await sendTo(first);
    if (!isNobody(answer)) return answer;
    for (const other of others) {
      const further = await sendTo(other);
      if (!isNobody(further)) return further;
    }
    return answer;
  }

  return {
    name: settings.name,
    kind: settings.kind,
    tellsTogether: false,
    abilities: { closes: false, lowers: false, attachesEvidence: false, forgets: false },
    preview: (action) => {
      const [likeliest = ''] = path.candidates();
      const url = new URL(settings.url + likeliest);
      return [{ target: `POST ${url.origin}${url.pathname}`, body: bodyOf(action, settings) }];
    },
    tell: async (telling, signal) => {
      const { target } = telling.action.reading;
      await catalog.require(target, signal);
      const answer = await post(telling, signal);
      if (isTaken(answer)) return takenAs(answer);
      if (saysUnknown(answer)) throw catalog.refuse(target);
      if (answer.status === 409) return knownAs(answer);
      if (answer.status === 500 && (await catalog.isMissing(target, signal))) throw catalog.refuse(target);
      throw line.failure(answer);
    },
    renewSecrets: () => line.renewSecrets(),
    stop: () => line.stop(),
  };
}

/** The same bytes at every attempt. */
function bodyOf(action: Action, { severity, text }: StackmonV1Settings): string {
  const { target } = action.reading;
  return JSON.stringify({
    name: target.component,
    impact: severity[action.status],
    text: render(text[action.status], action),
    attributes: attributesOf(target),
  });
}

function isTaken({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Whether it comes from somebody who knows what the path is for. */
function isKnowing(answer: HttpAnswer): boolean {
  if (isTaken(answer)) return answer.status === 201 || isSaid(jsonOf(answer.body));
  return knowing.includes(answer.status);
}

/** A page for people, which is shown at any path, has taken nothing. */
function isNobody(answer: HttpAnswer): boolean {
  return answer.status === 404 || (isTaken(answer) && !isKnowing(answer));
}

/** Where the component is under maintenance, the maintenance is answered. */
function takenAs({ status: httpStatus, body }: HttpAnswer): Answer {
  const { id, impact } = saidIn(body);
  if (impact === 0) return { outcome: 'suppressed', httpStatus, note: 'in maintenance there' };
  const reference = idOf(id);
  return { outcome: 'sent', httpStatus, ...(reference !== undefined && { reference }) };
}

function knownAs({ status: httpStatus, body }: HttpAnswer): Answer {
  const reference = idOf(saidIn(body)['existingIncidentId']);
  return { outcome: 'known', httpStatus, ...(reference !== undefined && { reference }) };
}

function saysUnknown({ status, body }: HttpAnswer): boolean {
  if (status !== 400 && status !== 409) return false;
  const { message, errMsg } = saidIn(body);
  return unknownWords.test(textOf(message)) || unknownWords.test(textOf(errMsg));
}

function saidIn(body: Buffer): Said {
  const said = jsonOf(body);
  return isSaid(said) ? said : {};
}
