/** The kinds of dashboard: a new one is a folder and a line here. */
import assert from 'node:assert';
import type { JWTPayload } from 'jose';
import type * as z from 'zod/mini';
import type { SettingsWarning } from '../http/settings.ts';
import type { Dashboard } from '../model/dashboard.ts';
import { openAlertmanager } from './alertmanager/alertmanager.ts';
import { probeAlertmanager } from './alertmanager/probe.ts';
import {
  type AlertmanagerSettings,
  alertmanagerSchema,
  alertmanagerWarnings,
} from './alertmanager/settings.ts';
import { openAuto } from './auto/find-kind.ts';
import { probeAuto } from './auto/probe.ts';
import { type AutoSettings, autoSchema, autoWarnings } from './auto/settings.ts';
import { openCachet } from './cachet/cachet.ts';
import { probeCachet } from './cachet/probe.ts';
import { type CachetSettings, cachetSchema, cachetWarnings } from './cachet/settings.ts';
import { openConsole } from './console/console.ts';
import { type ConsoleSettings, consoleSchema, consoleWarnings } from './console/settings.ts';
import { claimsFor, type Subject } from './incidents/claims.ts';
import { openIncidents } from './incidents/incidents.ts';
import { type IncidentsSettings, incidentsSchema, incidentsWarnings } from './incidents/settings.ts';
import { openPagerduty } from './pagerduty/pagerduty.ts';
import { type PagerdutySettings, pagerdutySchema, pagerdutyWarnings } from './pagerduty/settings.ts';
import type { Probe } from './probe.ts';
import { type SlackSettings, slackSchema, slackWarnings } from './slack/settings.ts';
import { openSlack } from './slack/slack.ts';
import { claimsAt } from './stackmon/authorization.ts';
import type { StackmonSettings } from './stackmon/settings.ts';
import { probeStackmonV1 } from './stackmon-v1/probe.ts';
import { type StackmonV1Settings, stackmonV1Schema, stackmonV1Warnings } from './stackmon-v1/settings.ts';
import { openStackmonV1 } from './stackmon-v1/stackmon-v1.ts';
import { probeStackmonV2 } from './stackmon-v2/probe.ts';
import { type StackmonV2Settings, stackmonV2Schema, stackmonV2Warnings } from './stackmon-v2/settings.ts';
import { openStackmonV2 } from './stackmon-v2/stackmon-v2.ts';
import { probeStatuspage } from './statuspage/probe.ts';
import { type StatuspageSettings, statuspageSchema, statuspageWarnings } from './statuspage/settings.ts';
import { openStatuspage } from './statuspage/statuspage.ts';
import type { Surroundings } from './surroundings.ts';
import { tokenSigner } from './token.ts';
import { type WebhookSettings, webhookSchema, webhookWarnings } from './webhook/settings.ts';
import { openWebhook } from './webhook/webhook.ts';

export type KindSettings =
  | IncidentsSettings
  | StackmonV1Settings
  | StackmonV2Settings
  | StatuspageSettings
  | CachetSettings
  | PagerdutySettings
  | SlackSettings
  | AlertmanagerSettings
  | WebhookSettings
  | ConsoleSettings
  | AutoSettings;

export type Kind = {
  /** Of its section in the configuration, where its name is the key. */
  readonly schema: z.ZodMiniType;
  /** What is allowed and yet worth a word. */
  readonly warnings: (settings: KindSettings, nowMs: number) => readonly SettingsWarning[];
  readonly open: (settings: KindSettings, surroundings: Surroundings) => Dashboard;
  /** Absent: there is nothing to read. */
  readonly probe?: Probe<KindSettings>;
  /** What its token says. Absent: it signs none. */
  readonly claims?: Claims<KindSettings>;
};

type Claims<Settings> = (settings: Settings, subject: Subject, nowMs: number) => JWTPayload;

type Also<Settings> = { readonly probe?: Probe<Settings>; readonly claims?: Claims<Settings> };

export const kinds: ReadonlyMap<string, Kind> = new Map([
  [
    'incidents',
    kind<IncidentsSettings>(incidentsSchema, incidentsWarnings, openIncidents, { claims: claimsFor }),
  ],
  [
    'stackmon-v1',
    kind<StackmonV1Settings>(stackmonV1Schema, stackmonV1Warnings, openStackmonV1, {
      probe: probeStackmonV1,
      claims: stackmonClaims,
    }),
  ],
  [
    'stackmon-v2',
    kind<StackmonV2Settings>(stackmonV2Schema, stackmonV2Warnings, openStackmonV2, {
      probe: probeStackmonV2,
      claims: stackmonClaims,
    }),
  ],
  [
    'statuspage',
    kind<StatuspageSettings>(statuspageSchema, statuspageWarnings, openStatuspage, {
      probe: probeStatuspage,
    }),
  ],
  ['cachet', kind<CachetSettings>(cachetSchema, cachetWarnings, openCachet, { probe: probeCachet })],
  ['pagerduty', kind<PagerdutySettings>(pagerdutySchema, pagerdutyWarnings, openPagerduty)],
  ['slack', kind<SlackSettings>(slackSchema, slackWarnings, openSlack)],
  [
    'alertmanager',
    kind<AlertmanagerSettings>(alertmanagerSchema, alertmanagerWarnings, openAlertmanager, {
      probe: probeAlertmanager,
    }),
  ],
  ['webhook', kind<WebhookSettings>(webhookSchema, webhookWarnings, openWebhook)],
  ['console', kind<ConsoleSettings>(consoleSchema, consoleWarnings, openConsole)],
  [
    'auto',
    kind<AutoSettings>(autoSchema, autoWarnings, openAuto, { probe: probeAuto, claims: stackmonClaims }),
  ],
]);

/** What a section without `kind` is. */
export const defaultKind = 'incidents';

export function openDashboard(settings: KindSettings, surroundings: Surroundings): Dashboard {
  const found = kinds.get(settings.kind);
  assert(found, `the configuration let the kind ${settings.kind} pass`);
  return found.open(settings, surroundings);
}

/** A token as the dashboard would be sent it now; undefined where none is signed. */
export function signedToken(
  settings: KindSettings,
  subject: Subject,
  nowMs: number,
): Promise<string> | undefined {
  const claims = kinds.get(settings.kind)?.claims?.(settings, subject, nowMs);
  const secret = 'secret' in settings ? settings.secret : undefined;
  return claims && secret && tokenSigner(secret)(claims);
}

/** Whatever it is about. */
function stackmonClaims(settings: StackmonSettings, _subject: Subject, nowMs: number): JWTPayload {
  return claimsAt(settings, nowMs);
}

/** Checks that the three belong together; the table forgets of which settings they are. */
function kind<Settings extends KindSettings>(
  schema: z.ZodMiniType<Omit<Settings, 'name'>>,
  warnings: (settings: Settings, nowMs: number) => readonly SettingsWarning[],
  open: (settings: Settings, surroundings: Surroundings) => Dashboard,
  also: Also<Settings> = {},
): Kind {
  return {
    schema,
    warnings: warnings as Kind['warnings'],
    open: open as Kind['open'],
    ...(also as Also<KindSettings>),
  };
}
