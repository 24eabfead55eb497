/**
 * The kind `slack`: one message when something begins, changes or is over.
 *
 * A channel knows neither keys nor targets: a message whose answer is lost is sent again, and may be read twice.
 */
import type { Answer, SeparateDashboard } from '../../model/dashboard.ts';
import { acknowledged } from '../acknowledged.ts';
import { openLine } from '../line.ts';
import type { Surroundings } from '../surroundings.ts';
import { messageOf } from './message.ts';
import type { SlackSettings } from './settings.ts';

export function openSlack(settings: SlackSettings, surroundings: Surroundings): SeparateDashboard {
  const { url } = settings;
  const line = openLine({
    settings,
    surroundings,
    secret: settings.webhookUrl,
    isAddress: true,
  });

  return {
    name: settings.name,
    kind: settings.kind,
    tellsTogether: false,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    preview: (action) => [{ target: `POST ${url}/***`, body: messageOf(action, settings) }],
    tell: async ({ action, isWanted }, signal): Promise<Answer> => {
      const body = messageOf(action, settings);
      const answer = await line.send({ method: 'POST', path: '', body, isWanted }, signal);
      const taken = await acknowledged(answer, line);
      const isSlack = answer.body.toString('utf8').trim() === 'ok';
      // Told again it would be read again, so it counts as told.
      return isSlack
        ? taken
        : { ...taken, note: 'answered without ok: is webhook_url the URL of a webhook?' };
    },
    renewSecrets: () => line.renewSecrets(),
    stop: () => line.stop(),
  };
}
