/** Where a dashboard of the first version takes statuses: it has moved over the years. */

export type StatusPath = {
  /** Those that may be right, the likeliest first. */
  readonly candidates: () => readonly string[];
  /** This one is right: it stays. */
  readonly settle: (path: string) => void;
};

const autoPaths = ['/api/v1/component_status', '/v1/component_status'];

/** @param path as configured */
export function statusPaths(path: string): readonly string[] {
  return path === 'auto' ? autoPaths : [path];
}

export function openStatusPath(path: string): StatusPath {
  let paths = statusPaths(path);
  return {
    candidates: () => paths,
    settle: (settled) => {
      paths = [settled];
    },
  };
}
