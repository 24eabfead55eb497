/** Where a dashboard of the first version takes statuses: it has moved over the years. */

export type StatusPath = {
  /** Those that may be right, the likeliest first. */
  readonly candidates: () => readonly string[];
  /** This one is right: it is asked first from now on. */
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
      // A dashboard that is replaced while we run may have moved: the others stay in reserve.
      paths = [settled, ...paths.filter((each) => each !== settled)];
    },
  };
}
