/**
 * Alertmanager's API, version 2, as 0.25 answers it: an alert is its labels, lives until its end, and is
 * replaced or merged as Alertmanager does.
 */
import { json, text, type Whole } from '../reply.ts';
import type { ServerOptions } from '../server.ts';
import { type Alert, merged, type Posted, readAlerts, wrongAlert } from './alertmanager-alert.ts';
import { type Asked, type DialectServer, startDialect } from './dialect.ts';

export type AlertmanagerServer = DialectServer & {
  /** All that were posted, in the order of their first posts; over at `endsMs`. */
  readonly alerts: readonly Alert[];
};

export type AlertmanagerOptions = ServerOptions & {
  /** The value of `Authorization` that is let in. Absent: everybody is. */
  readonly authorization?: string;
};

const path = '/api/v2/alerts';
/** Of its configuration, by default. */
const resolveTimeoutMs = 300_000;

/** As 0.25 answers without a cluster. */
const status = {
  cluster: { peers: [], status: 'disabled' },
  config: { original: 'route:\n  receiver: default\nreceivers:\n- name: default\n' },
  uptime: '2026-01-20T12:00:00.000Z',
  versionInfo: {
    branch: '',
    buildDate: '',
    buildUser: '',
    goVersion: 'go1.19',
    revision: '',
    version: '0.25.0',
  },
};

export async function startAlertmanager(options: AlertmanagerOptions = {}): Promise<AlertmanagerServer> {
  const alerts = new Map<string, Alert>();

  function take(asked: Asked): Whole {
    const { authorization } = options;
    if (authorization !== undefined && asked.headers.authorization !== authorization) {
      return { ...text(401, 'Unauthorized\n'), headers: { 'www-authenticate': 'Basic' } };
    }
    if (!asked.path.startsWith('/api/v2/')) return text(404, '404 page not found\n');
    if (asked.path === '/api/v2/status' && asked.method === 'GET') return json(200, status);
    if (asked.path !== path) return refusal(404, 404, `path ${asked.path} was not found`);
    if (asked.method === 'GET') return json(200, shown(asked.nowMs));
    if (asked.method !== 'POST') {
      return refusal(405, 405, `method ${asked.method} is not allowed, but [POST,GET] are`);
    }
    return post(asked);
  }

  function post({ headers, body, json: parsed, nowMs }: Asked): Whole {
    const type = headers['content-type'] ?? '';
    if (!/^application\/json(;|$)/.test(type)) {
      return refusal(415, 415, `unsupported media type "${type}", only [application/json] are allowed`);
    }
    if (body === '') return refusal(422, 602, 'alerts in body is required');
    const posted = readAlerts(parsed);
    if ('lacksLabels' in posted) return refusal(422, 602, `${posted.lacksLabels}.labels in body is required`);
    if ('wrong' in posted)
      return refusal(400, 400, `parsing alerts body from "" failed, because ${posted.wrong}`);
    const complaints = posted.alerts.flatMap((each) => put(each, nowMs) ?? []);
    // What is good among them is kept.
    return complaints.length === 0 ? { status: 200, body: '' } : json(400, complaints.join('; '));
  }

  /** Why it is not kept. */
  function put(
    { labels: written, annotations, startsMs, endsMs }: Posted,
    nowMs: number,
  ): string | undefined {
    const labels = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== ''));
    const alert: Alert = {
      labels,
      annotations,
      startsMs: startsMs ?? endsMs ?? nowMs,
      endsMs: endsMs ?? nowMs + resolveTimeoutMs,
      updatedMs: nowMs,
    };
    const wrong = wrongAlert(alert);
    if (wrong !== undefined) return wrong;
    const key = JSON.stringify(Object.entries(labels).sort());
    const old = alerts.get(key);
    alerts.set(key, old ? merged(old, alert, nowMs) : alert);
    return undefined;
  }

  /** Those that are not over. */
  function shown(nowMs: number): readonly unknown[] {
    return [...alerts.values()]
      .filter(({ endsMs }) => endsMs > nowMs)
      .map(({ labels, annotations, startsMs, endsMs, updatedMs }) => ({
        annotations,
        endsAt: new Date(endsMs).toISOString(),
        startsAt: new Date(startsMs).toISOString(),
        status: { inhibitedBy: [], silencedBy: [], state: 'active' },
        updatedAt: new Date(updatedMs).toISOString(),
        labels,
      }));
  }

  const server = await startDialect(options, take);
  return Object.defineProperty(server, 'alerts', { get: () => [...alerts.values()] }) as AlertmanagerServer;
}

function refusal(status: number, code: number, message: string): Whole {
  return json(status, { code, message });
}
