/** How the loop is doing, and the process it runs in. */
import { type Html, html } from '../pages/html.ts';
import { drawToned } from '../pages/mark.ts';
import { countOf, countText, mebibytes } from '../pages/number.ts';
import { drawTime, latencyText, spanText } from '../pages/time.ts';
import type { Observations } from './observations.ts';
import { countedText, drawFigures, type Figure, type Figures, sumOf } from './pages-figures.ts';

export function drawReporter(seen: Observations, figures: Figures): Html {
  const polls = figures.counted('cloudmon_reporter_polls_total', 'result');
  const cycles = figures.histogram('cloudmon_reporter_poll_cycle_duration_seconds');
  const skipped = figures.value('cloudmon_reporter_cycles_skipped_total') ?? 0;
  const uptimeMs = (figures.value('cloudmon_reporter_uptime_seconds') ?? 0) * 1000;
  const mean = cycles.meanMs === undefined ? '' : `, ${latencyText(cycles.meanMs)} on average`;
  return html`<section class="card" aria-labelledby="reporter-title">
<header><h2 id="reporter-title">Reporter</h2><span class="muted small">since it was started</span></header>
<div id="reporter" data-live>${drawFigures([
    {
      about: 'Cycles',
      value: countText(cycles.count),
      note: `one every ${spanText(seen.pollIntervalMs)}${mean}`,
    },
    lastCycle(seen),
    { about: 'Polls', value: countText(sumOf(polls)), note: countedText(polls) || 'none yet' },
    {
      about: 'Skipped cycles',
      value: countText(skipped),
      note: skipped > 0 ? 'the one before took too long' : 'each began in time',
    },
    {
      about: 'Uptime',
      value: spanText(uptimeMs),
      note: html`since ${drawTime(seen.startedMs, seen.clock.now())}`,
    },
    configuration(seen),
  ])}</div>
</section>`;
}

function lastCycle({ cycle, clock }: Observations): Figure {
  const about = 'Last cycle';
  if (!cycle) return { about, value: 'none yet' };
  const agoMs = clock.monotonic() - cycle.doneMs;
  const note = html`${spanText(agoMs)} ago, at ${drawTime(cycle.atMs, clock.now())}`;
  return { about, value: latencyText(cycle.durationMs), note };
}

function configuration({
  isConfigurationBroken,
  configuredMs,
  clock,
  targets,
  dashboards,
}: Observations): Figure {
  const size = `${countOf(targets.size, 'target')}, ${countOf(dashboards.size, 'dashboard')}`;
  return {
    about: 'Configuration',
    value: isConfigurationBroken ? drawToned('outage', 'newest refused') : drawToned('ok', 'in effect'),
    note: html`${size}, since ${drawTime(configuredMs, clock.now())}`,
  };
}

export function drawProcess(seen: Observations, figures: Figures): Html {
  const bytes = figures.value('process_resident_memory_bytes');
  const cpu = figures.value('process_cpu_seconds_total') ?? 0;
  const files = figures.value('process_open_fds');
  const uptime = figures.value('cloudmon_reporter_uptime_seconds') ?? 0;
  const share = uptime > 0 ? `${((cpu / uptime) * 100).toFixed(1)} % of one core on average` : '';
  const info = (label: string) => figures.label('cloudmon_reporter_build_info', label);
  return html`<section class="card" aria-labelledby="process-title">
<header><h2 id="process-title">Process</h2></header>
<div id="process" data-live>${drawFigures([
    { about: 'Memory', value: bytes === undefined ? '–' : mebibytes(bytes), note: 'resident' },
    { about: 'CPU', value: `${cpu.toFixed(1)} s`, note: share },
    {
      about: 'Open files',
      value: files === undefined ? '–' : countText(files),
      note: files === undefined ? 'the system does not say' : 'and connections',
    },
    { about: 'Version', value: info('version'), note: 'cloudmon-reporter' },
    { about: 'Runtime', value: info('runtime'), note: 'Node.js' },
    { about: 'Started', value: drawTime(seen.startedMs, seen.clock.now()), note: 'UTC' },
  ])}</div>
</section>`;
}
