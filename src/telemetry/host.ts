/** What only the process knows about itself. */
export type Host = {
  readonly version: string;
  /** Of Node, `v20.19.0`. */
  readonly runtime: string;
  readonly residentBytes: () => number;
  /** User and system time together. */
  readonly cpuSeconds: () => number;
  /** Undefined where the system does not say. */
  readonly openFiles: () => number | undefined;
};
