/** The keys of the kind `alertmanager`: Prometheus's Alertmanager, by its API version 2. */
import * as z from 'zod/mini';
import { connectionWarnings, type SettingsWarning } from '../../http/settings.ts';
import { limits } from '../../model/limits.ts';
import type { Secret } from '../../model/secret.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { section, value, Wrong } from '../../values/facts.ts';
import { truth } from '../../values/number.ts';
import { headerSecret } from '../../values/secret.ts';
import { decodeName, name } from '../../values/text.ts';
import { baseUrl } from '../../values/url.ts';
import { type DashboardSettings, dashboardKeys, dashboardSettings } from '../settings.ts';
import { perStatus, statusSection } from '../status-keys.ts';
import { type Template, template } from '../template.ts';

export type AlertmanagerSettings = DashboardSettings & {
  readonly kind: 'alertmanager';
  /** On every alert, beside ours. */
  readonly labels: Readonly<Record<string, string>>;
  readonly bearerToken?: Secret;
  /** The value of the label `severity` for each status. */
  readonly severity: Readonly<Record<AlarmStatus, string>>;
  readonly summary: Template;
  /** Whether flags and expressions are told as annotations. */
  readonly evidence: boolean;
};

/** What an alert is known by, beside the configured labels. */
const ownLabels = ['alertname', 'service', 'environment', 'component', 'severity'];
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]{0,199}$/;
const summaryCharactersMax = 1_000;

const defaultSeverity: AlertmanagerSettings['severity'] = { 1: 'warning', 2: 'critical', 3: 'critical' };

export const alertmanagerSchema = z.pipe(
  section(
    'Prometheus’s Alertmanager.',
    z.strictObject({
      kind: z.literal('alertmanager'),
      url: baseUrl('Base URL of Alertmanager; user and password may stand in it.'),
      bearer_token: z.exactOptional(headerSecret('Sent as Authorization: Bearer.')),
      labels: z.prefault(labels(), {}),
      severity: statusSection(
        'The label severity for each status.',
        () => name('The value of a label.'),
        defaultSeverity,
      ),
      summary: z.prefault(
        template(summaryCharactersMax, 'The annotation summary.'),
        '{{component}} ({{environment}}): {{word}}',
      ),
      evidence: z.prefault(truth('Whether flags and expressions are told as annotations.'), false),
      ...dashboardKeys('every_poll'),
    }),
    ['kind'],
  ),
  z.transform((keys, context): Omit<AlertmanagerSettings, 'name'> => {
    if (keys.bearer_token && new URL(keys.url).username !== '') {
      const message = 'stands beside user and password in url';
      const params = { remedy: 'Keep one of them' };
      context.issues.push({ code: 'custom', input: undefined, path: ['bearer_token'], message, params });
    }
    return {
      ...dashboardSettings(keys),
      kind: keys.kind,
      url: keys.url,
      ...(keys.bearer_token && { bearerToken: keys.bearer_token }),
      labels: keys.labels,
      severity: perStatus(keys.severity, defaultSeverity, 'severity', context),
      summary: keys.summary,
      evidence: keys.evidence,
    };
  }),
);

export function alertmanagerWarnings(
  settings: Omit<AlertmanagerSettings, 'name'>,
  nowMs: number,
): readonly SettingsWarning[] {
  const found = [...connectionWarnings(settings, nowMs)];
  const { send, repeatIntervalMs } = settings;
  const isForgotten = repeatIntervalMs === 0 || repeatIntervalMs >= limits.alertLeaseMsMin;
  if (send === 'on_change' && isForgotten) {
    found.push({
      path: ['send'],
      message: 'lets alerts end that are not over: Alertmanager forgets what it is not told again',
      remedy: 'Take it out: every_poll is the default of this kind',
    });
  }
  return found;
}

function labels(): z.ZodMiniType<Readonly<Record<string, string>>, unknown> {
  const description = 'Labels of every alert, beside ours.';
  const json = {
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'], minLength: 1 },
    propertyNames: { pattern: labelName.source, not: { enum: ownLabels } },
  };
  return value({ description, takes: 'map', json }, (written) => {
    if (typeof written !== 'object' || written === null || Array.isArray(written)) {
      return new Wrong('must be a section of labels', 'Write each as a name and its value, below it');
    }
    for (const [label, text] of Object.entries(written)) {
      const wrong = wrongLabel(label, text);
      if (wrong) return wrong;
    }
    return Object.fromEntries(Object.entries(written));
  });
}

function wrongLabel(label: string, text: unknown): Wrong | undefined {
  if (!labelName.test(label)) {
    return new Wrong('has a name that is none of a label', 'Use letters, digits and _, no digit first');
  }
  if (ownLabels.includes(label)) {
    return new Wrong(`cannot replace the label ${label}`, 'Use another name');
  }
  const decoded = decodeName(text);
  return decoded instanceof Wrong ? new Wrong(`has a label ${label} that ${decoded.message}`) : undefined;
}
