/** All sections together: each feature's own, and CloudMon's. */
import * as z from 'zod/mini';
import { logSchema } from '../app/settings.ts';
import { collectorSchema } from '../collector/settings.ts';
import { convertorSchema } from '../convertor/settings.ts';
import { kinds } from '../dashboards/kinds.ts';
import { maintenanceSchema } from '../maintenance/settings.ts';
import { reporterSchema } from '../reporter/settings.ts';
import { telemetrySchema } from '../telemetry/settings.ts';
import { section } from '../values/facts.ts';
import { cloudMonKeys } from './cloudmon-keys.ts';
import { shapeOf } from './shape.ts';

const dashboardSchema = z.union([...kinds.values()].map(({ schema }) => schema));

/** For whoever walks the configuration; the sections are decoded one by one. */
export const rootSchema = section(
  'Configuration of cloudmon-reporter.',
  z.strictObject({
    convertor: z.exactOptional(convertorSchema),
    status_dashboard: z.exactOptional(dashboardSchema),
    dashboards: z.exactOptional(section('More dashboards, by name.', z.record(z.string(), dashboardSchema))),
    reporter: z.exactOptional(reporterSchema),
    telemetry: z.exactOptional(telemetrySchema),
    log: z.exactOptional(logSchema),
    ...cloudMonKeys,
    collector: z.exactOptional(collectorSchema),
    maintenance: z.exactOptional(maintenanceSchema),
  }),
);

export const rootShape = shapeOf(rootSchema);
