/** The `datasource` section: what answers the queries of flags. */
import type { ConnectionSettings } from '../../http/settings.ts';
import type { Secret } from '../../model/secret.ts';

export type RemoteDatasourceSettings = ConnectionSettings & {
  readonly url: string;
  /** For one answer. */
  readonly timeoutMs: number;
  readonly bearerToken?: Secret;
  /** Sent with each request, such as X-Scope-OrgID. */
  readonly headers: Readonly<Record<string, Secret>>;
};

export type DatasourceSettings =
  | { readonly type: 'embedded' }
  | ({ readonly type: 'graphite' } & RemoteDatasourceSettings)
  | ({ readonly type: 'prometheus' } & RemoteDatasourceSettings);
