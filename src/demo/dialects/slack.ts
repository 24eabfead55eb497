/** Slack's incoming webhooks: each message is one more in the channel, whatever was there before. */
import { text, type Whole } from '../reply.ts';
import type { ServerOptions } from '../server.ts';
import { type Asked, type DialectServer, startDialect } from './dialect.ts';

type SlackMessage = { readonly text: string; readonly attachments: readonly unknown[] };

/** What Slack answers with which status where a webhook does not do any more. */
const refusals = {
  invalid_payload: 400,
  user_not_found: 400,
  action_prohibited: 403,
  invalid_token: 403,
  channel_not_found: 404,
  no_service: 404,
  channel_is_archived: 410,
  rollup_error: 500,
} as const;

export type SlackServer = DialectServer & {
  /** What stands in the channel, oldest first. */
  readonly messages: readonly SlackMessage[];
  /** From now on nothing is taken; undefined: all is well again. */
  readonly refuse: (word: keyof typeof refusals | undefined) => void;
};

export type SlackOptions = ServerOptions & {
  /** The path of the only webhook. Absent: any that looks like one. */
  readonly path?: string;
};

const windowMs = 60_000;
const messagesInWindowMax = 60;
const webhookPath = /^\/services\/T\w+\/B\w+\/\w+$/;

export async function startSlack(options: SlackOptions = {}): Promise<SlackServer> {
  const messages: SlackMessage[] = [];
  let refused: keyof typeof refusals | undefined;
  let recent: number[] = [];

  function take(asked: Asked): Whole {
    const { path = asked.path } = options;
    if (!webhookPath.test(asked.path) || serviceOf(asked.path) !== serviceOf(path)) {
      return text(404, 'no_service');
    }
    if (asked.path !== path) return text(403, 'invalid_token');
    if (asked.method !== 'POST') return text(405, 'method_not_allowed');
    if (refused) return text(refusals[refused], refused);
    const wrong = wrongIn(asked);
    if (wrong) return text(400, wrong);
    recent = recent.filter((timeMs) => timeMs > asked.nowMs - windowMs);
    if (recent.length >= messagesInWindowMax) {
      return { ...text(429, 'rate_limited'), headers: { 'retry-after': '10' } };
    }
    recent.push(asked.nowMs);
    const { text: line = '', attachments = [] } = asked.json as Partial<SlackMessage>;
    messages.push({ text: line, attachments });
    return text(200, 'ok');
  }

  const server = await startDialect(options, take);
  return Object.defineProperties(server, {
    messages: { get: () => messages },
    refuse: {
      value: (word: keyof typeof refusals | undefined) => {
        refused = word;
      },
    },
  }) as SlackServer;
}

/** Without the token at its end. */
function serviceOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function wrongIn({ headers, json }: Asked): string | undefined {
  if (!/^application\/json(;|$)/.test(headers['content-type'] ?? '')) return 'invalid_payload';
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'invalid_payload';
  const { text: line, attachments, blocks } = json as Readonly<Record<string, unknown>>;
  if (line !== undefined && typeof line !== 'string') return 'invalid_payload';
  const lists = [attachments, blocks].filter((list) => list !== undefined);
  if (lists.some((list) => !Array.isArray(list))) return 'invalid_payload';
  const isEmpty = lists.every((list) => (list as readonly unknown[]).length === 0);
  return (line === undefined || line === '') && isEmpty ? 'no_text' : undefined;
}
