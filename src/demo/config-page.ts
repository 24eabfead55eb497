/** The configuration of the demo as a file to begin with. */
import { Document, isMap, visit } from 'yaml';
import { type DemoSettings, demoConfiguration } from './configuration.ts';

const about = ` The configuration of this demo. Its secrets are not shown, and no port is in it: the collector and the
 telemetry listen on free ones.`;

export function printConfiguration(settings: DemoSettings): string {
  const configuration = demoConfiguration({ ...settings, secret: '***', statusPageSecret: '***' });
  const document = new Document(configuration, { aliasDuplicateObjects: false });
  document.commentBefore = about;
  // A flag, a line.
  visit(document, {
    Seq: (_key, { items }) => {
      for (const item of items) if (isMap(item)) item.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
