/** What Alertmanager is shown, so that it lets us in. */
import type { LineParts, MakeHeaders } from '../line.ts';
import type { AlertmanagerSettings } from './settings.ts';

/** User and password may stand in the URL. */
export function accessOf(settings: AlertmanagerSettings): {
  readonly parts: Omit<LineParts, 'clock' | 'rate'>;
  readonly authorization: MakeHeaders;
} {
  const { url, bearerToken } = settings;
  return {
    parts: { url, connection: settings, secret: bearerToken },
    authorization: async (): Promise<Record<string, string>> =>
      bearerToken ? { authorization: `Bearer ${bearerToken.reveal()}` } : {},
  };
}
