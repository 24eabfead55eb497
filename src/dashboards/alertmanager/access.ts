/** What Alertmanager is shown, so that it lets us in. */
import { Secret } from '../../model/secret.ts';
import type { LineParts, MakeHeaders } from '../line.ts';
import type { AlertmanagerSettings } from './settings.ts';

/** User and password may stand in the URL; what is shown is hidden wherever it comes back. */
export function accessOf(settings: AlertmanagerSettings): {
  readonly parts: Omit<LineParts, 'clock' | 'rate'>;
  readonly authorization: MakeHeaders;
} {
  const { url, bearerToken } = settings;
  const { password } = new URL(url);
  return {
    parts: {
      url,
      connection: settings,
      secret: bearerToken,
      ...(password !== '' && { alsoShown: [new Secret(password), new Secret(decodeURIComponent(password))] }),
    },
    authorization: async (): Promise<Record<string, string>> =>
      bearerToken ? { authorization: `Bearer ${bearerToken.reveal()}` } : {},
  };
}
