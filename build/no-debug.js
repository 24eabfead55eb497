/**
 * Stands in for the package `debug` in the bundle: under DEBUG=* the proxy agents would
 * print the proxy's URL, credentials included.
 */
export default function createDebug() {
  return () => undefined;
}
