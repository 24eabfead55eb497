/** A real Prometheus that holds given samples, as blocks that promtool made of their text. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { file, temporaryFolder } from '../process/program.ts';
import { startPrometheus } from './prometheus.ts';

/**
 * It scrapes nothing: what the text says is all that it knows.
 *
 * @param text OpenMetrics, times in seconds; the end mark may be left out
 */
export async function startPrometheusWith(text: string): Promise<{ readonly url: string }> {
  const data = temporaryFolder();
  const whole = text.endsWith('# EOF\n') ? text : `${text}# EOF\n`;
  await promisify(execFile)(
    'promtool',
    ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file(whole, 'samples.om'), data],
    { maxBuffer: 16_777_216 },
  );
  return startPrometheus([], data);
}
