/** A command to copy: one line for the shell, broken where people can read it. */
import { type Html, html } from '../pages/html.ts';

export function drawCommand(lines: readonly string[]): Html {
  return html`<pre class="command"><code>${lines.join(' \\\n  ')}</code></pre>`;
}
