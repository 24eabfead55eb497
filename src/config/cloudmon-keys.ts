/**
 * The sections of a CloudMon file: what the reporter reads of them, and where the collector is the convertor
 * the rest.
 *
 * Keys that are not listed here are let be: CloudMon itself ignores what it does not know.
 */
import * as z from 'zod/mini';
import { datasourceSchema } from '../collector/datasources/settings.ts';
import { expressionSchema, flagSchema, serviceSchema, templateSchema } from '../collector/health/settings.ts';
import { section } from '../values/facts.ts';
import { whole } from '../values/number.ts';
import { hostName, name, text, textMap } from '../values/text.ts';

export const serverSchema = section(
  'Where the collector listens. CloudMon’s: where its convertor does, on this host.',
  z.looseObject({
    address: z.prefault(hostName('The address to listen on.'), '127.0.0.1'),
    port: z.prefault(whole(1, 65_535, 'The port to listen on.'), 3_000),
  }),
);

export const environmentsSchema = z.looseObject({
  environments: z.prefault(
    section(
      'CloudMon’s: the environments of the services in health_metrics.',
      z.array(
        z.looseObject({
          name: name('As the convertor knows it.'),
          attributes: z.exactOptional(textMap('attribute', 'Told to dashboards about each component.')),
        }),
      ),
    ),
    [],
  ),
});

/** One service; the key under which it stands is what the convertor is asked with. */
export const healthMetricSchema = z.looseObject({
  component_name: z.exactOptional(name('Its name on the page.')),
  metrics: z.prefault(section('The flags that its health is made of.', z.array(name('A flag.'))), []),
});

export const healthQuerySchema = section(
  'CloudMon’s: the window that is asked about.',
  z.looseObject({
    query_from: z.prefault(text(40, 'Its beginning, relative to now.'), '-5min'),
    query_to: z.prefault(text(40, 'Its end, relative to now.'), '-2min'),
  }),
);

const mapOf = (description: string, inside: z.ZodMiniType) =>
  z.exactOptional(section(description, z.record(z.string(), inside)));

export const cloudMonKeys = {
  server: z.exactOptional(serverSchema),
  environments: z.exactOptional(environmentsSchema.shape.environments),
  health_metrics: mapOf(
    'CloudMon’s: services, by the key the convertor is asked with.',
    z.looseObject({
      ...healthMetricSchema.shape,
      ...serviceSchema.shape,
      expressions: z.prefault(
        section(
          'What its flags mean; the highest weight that is true is its health.',
          z.array(expressionSchema),
        ),
        [],
      ),
    }),
  ),
  health_query: z.exactOptional(healthQuerySchema),
  flag_metrics: z.exactOptional(section('CloudMon’s: flags. A convertor reads them.', z.array(flagSchema))),
  metric_templates: mapOf('CloudMon’s: queries of the flags. A convertor reads them.', templateSchema),
  datasource: z.exactOptional(datasourceSchema),
  templates: z.exactOptional(z.unknown()),
};
