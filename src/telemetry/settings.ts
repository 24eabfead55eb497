/** The `telemetry` section: where the program tells about itself. */

export type TelemetrySettings = {
  /** 0: no listener. */
  readonly port: number;
  readonly address: string;
};
