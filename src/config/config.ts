/** The whole configuration, validated and decoded: what a daemon is built from. */
import type { LogSettings } from '../app/settings.ts';
import type { CollectorSettings } from '../collector/settings.ts';
import type { ConvertorSettings } from '../convertor/settings.ts';
import type { KindSettings } from '../dashboards/kinds.ts';
import type { Maintenance } from '../maintenance/settings.ts';
import type { ReporterSettings } from '../reporter/settings.ts';
import type { TelemetrySettings } from '../telemetry/settings.ts';

/** What every role has. */
export type CommonConfig = {
  readonly telemetry: TelemetrySettings;
  readonly log: LogSettings;
  readonly maintenance: readonly Maintenance[];
  /** Every file that was read, secret files too: what `--watch-config` watches. */
  readonly files: readonly string[];
};

export type Config = CommonConfig & {
  readonly convertor: ConvertorSettings;
  readonly dashboards: readonly KindSettings[];
  readonly reporter: ReporterSettings;
  /** Absent: none in this process. */
  readonly collector?: CollectorSettings;
};

/** Of the collector alone. */
export type CollectConfig = CommonConfig & { readonly collector: CollectorSettings };
