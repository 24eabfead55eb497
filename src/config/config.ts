/** The whole configuration, validated and decoded: what the daemon is built from. */
import type { LogSettings } from '../app/settings.ts';
import type { ConvertorSettings } from '../convertor/settings.ts';
import type { KindSettings } from '../dashboards/kinds.ts';
import type { ReporterSettings } from '../reporter/settings.ts';
import type { TelemetrySettings } from '../telemetry/settings.ts';

export type Config = {
  readonly convertor: ConvertorSettings;
  readonly dashboards: readonly KindSettings[];
  readonly reporter: ReporterSettings;
  readonly telemetry: TelemetrySettings;
  readonly log: LogSettings;
  /** Every file that was read, secret files too: what `--watch-config` watches. */
  readonly files: readonly string[];
};
