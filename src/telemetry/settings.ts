/** The `telemetry` section: where the program tells about itself. */
import * as z from 'zod/mini';
import { section } from '../values/facts.ts';
import { whole } from '../values/number.ts';
import { hostName } from '../values/text.ts';
import { unsupported } from '../values/unsupported.ts';

export type TelemetrySettings = {
  /** Absent: no listener. 0, which no file can say: a free one. */
  readonly port?: number;
  readonly address: string;
};

export const telemetrySchema = section(
  'Where the program tells about itself.',
  z.strictObject({
    port: z.prefault(whole(0, 65_535, '0 opens no listener.'), 0),
    address: z.prefault(hostName('The address to listen on.'), '127.0.0.1'),
    tls: unsupported(),
  }),
);
