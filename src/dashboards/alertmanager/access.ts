/** What Alertmanager is shown, so that it lets us in. */
import type { MakeHeaders } from '../line.ts';
import type { AlertmanagerSettings } from './settings.ts';

/** User and password may stand in the URL. */
export function authorizer({ bearerToken }: AlertmanagerSettings): MakeHeaders {
  return async (): Promise<Record<string, string>> =>
    bearerToken ? { authorization: `Bearer ${bearerToken.reveal()}` } : {};
}
