/** What Alertmanager 0.25 answers: the dialect is held to it, and so is the real one. */

type Case = {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly body: string;
  readonly status: number;
  /** The body, without the line break at its end. */
  readonly says: RegExp;
};

const alerts = '/api/v2/alerts';

function post(name: string, body: string, status: number, says: RegExp, path = alerts): Case {
  return { name, method: 'POST', path, type: 'application/json', body, status, says };
}

const starts = '"startsAt":"2026-01-20T12:01:00Z"';

export const alertmanagerAnswers: readonly Case[] = [
  post('an empty list is taken', '[]', 200, /^$/),
  post('an alert is taken', '[{"labels":{"alertname":"x"}}]', 200, /^$/),
  post('fields that it does not know are let be', '[{"labels":{"alertname":"x"},"y":1}]', 200, /^$/),
  post(
    'an object is no list',
    '{}',
    400,
    /^\{"code":400,"message":"parsing alerts body .*PostableAlerts"\}$/,
  ),
  post(
    'no labels at all',
    '[{"annotations":{}}]',
    422,
    /^\{"code":602,"message":"0\.labels in body is required"\}$/,
  ),
  post('empty labels', '[{"labels":{}}]', 400, /^"at least one label pair required"$/),
  post('only a label that is empty', '[{"labels":{"a":""}}]', 400, /^"at least one label pair required"$/),
  post(
    'a label that is none',
    '[{"labels":{"a-b":"x"}}]',
    400,
    /^"invalid label set: invalid name \\"a-b\\""$/,
  ),
  post('a label that is a number', '[{"labels":{"a":5}}]', 400, /^\{"code":400,.*of type string"\}$/),
  post(
    'an annotation that is none',
    '[{"labels":{"a":"x"},"annotations":{"a-b":"x"}}]',
    400,
    /^"invalid annotations: invalid name \\"a-b\\""$/,
  ),
  post(
    'an end before its begin',
    `[{"labels":{"a":"x"},${starts},"endsAt":"2026-01-20T12:00:59Z"}]`,
    400,
    /^"start time must be before end time"$/,
  ),
  post(
    'an end at its begin is none before it',
    `[{"labels":{"a":"x"},${starts},"endsAt":"2026-01-20T12:01:00Z"}]`,
    200,
    /^$/,
  ),
  post(
    'a time that is none',
    '[{"labels":{"a":"x"},"startsAt":"soon"}]',
    400,
    /^\{"code":400,"message":"parsing/,
  ),
  post('no body', '', 422, /^\{"code":602,"message":"alerts in body is required"\}$/),
  {
    ...post('another type', '[]', 415, /^\{"code":415,"message":"unsupported media type \\"text\/plain\\"/),
    type: 'text/plain',
  },
  post('a path that is none', '[]', 404, /^404 page not found$/, '/nope'),
  post(
    'a path that is none of its API',
    '[]',
    404,
    /^\{"code":404,"message":"path \/api\/v2\/nope was not found"\}$/,
    '/api/v2/nope',
  ),
  {
    ...post(
      'another method',
      '[]',
      405,
      /^\{"code":405,"message":"method PUT is not allowed, but \[(POST,GET|GET,POST)\] are"\}$/,
    ),
    method: 'PUT',
  },
];
