/** Everything that can grow has a limit, and the limits stand here. Bytes, counts and milliseconds. */
import { cycleLimits } from './cycle-limits.ts';
import { diskLimits } from './disk-limits.ts';
import { intakeLimits } from './intake-limits.ts';
import { queryLimits } from './query-limits.ts';

export const limits = {
  ...cycleLimits,
  ...diskLimits,
  ...intakeLimits,
  ...queryLimits,
  /** One configuration or conf.d file. */
  configBytesMax: 1_048_576,
  /** Nesting of a configuration file, counted before it is parsed. */
  configDepthMax: 64,
  /** Parts of the YAML (words, signs, line ends) in all files together: 1,000 services with four flags each. */
  configTokensMax: 500_000,
  /** Values in all files together, aliases counted each time. */
  configValuesMax: 200_000,
  /** Files in all folders together. */
  configFilesMax: 200,
  /** Problems that are listed; the rest is a number. */
  problemsMax: 100,
  /** Services times environments. */
  targetsMax: 10_000,
  /** Entries of `maintenance`, and windows of them that are listed at once. */
  maintenanceMax: 200,
  maintenanceWindowsMax: 1_000,
  /** One secret file. */
  secretBytesMax: 65_536,
  /** An answer of the convertor, after decompression. */
  answerBytesMax: 1_048_576,
  /** Nesting of an answer in JSON, counted before it is parsed. */
  answerDepthMax: 64,
  /** Entries of its list of maintenances that are kept, and characters of the reason that one gives. */
  announcedMax: 5_000,
  announcedReasonCharactersMax: 200,
  /** How often it is asked for that list, and how often where it has none. */
  announcedEveryMs: 60_000,
  announcedAbsentMs: 900_000,
  /** Flag names remembered for one target. */
  flagsMax: 256,
  /** Flags times environments, of all services together. */
  flagRulesMax: 50_000,
  /** Of one service, and of one expression. */
  expressionsMax: 100,
  expressionCharactersMax: 2_000,
  /** Its brackets and negations around one flag. */
  expressionDepthMax: 200,
  /** Health is asked for: from the first moment to the last, and points of one answer. */
  healthWindowMsMax: 2_678_400_000,
  healthPointsMax: 11_000,
  /** Of points in one answer, newest first: what our own reader takes. The newest is always there. */
  healthPointsBytesMax: 1_000_000,
  /** How long they are worked out before everything else has its turn. */
  healthSliceMs: 5,
  /** Questions about health over HTTP that are worked on at once, and those that wait for their turn. */
  healthQuestionsMax: 32,
  healthQuestionsWaitingMax: 128,
  /** How long they wait: whoever asked has time left to ask again, or has gone. */
  healthWaitMs: 3_000,
  /** For working one of them out; the data source may have less. */
  healthAnswerMsMax: 60_000,
  /** An answer of a source in Prometheus's text, after decompression, and the samples in it. */
  sourceBytesMax: 8_388_608,
  sourceSamplesMax: 100_000,
  /** Samples of all sources that wait to be stored: what comes then is refused. */
  scrapedSamplesWaiting: 400_000,
  /** Of one sample: its labels, and bytes of each value. */
  sourceLabelsMax: 64,
  sourceLabelBytesMax: 8_192,
  /** Bytes of the help of one metric; the rest is cut. */
  sourceHelpBytesMax: 1_024,
  /** An answer of a source in JSON. */
  sourceJsonBytesMax: 1_048_576,
  /** Failures in a row after which a source is asked less often, and how often then. */
  sourceFailuresMax: 3,
  sourceProbeMs: 60_000,
  /** Answers in a row with which a dashboard says that there is nothing, before it is found out anew what it is. */
  notFoundsMax: 3,
  /** Requests to a data source under way at once. */
  datasourceRequestsMax: 8,
  /** Questions to it that wait for an answer. */
  datasourceQuestionsMax: 20_000,
  /**
   * An answer of it, after decompression: it is parsed in one piece, which takes about 15 ms. The series of
   * one query, and the points of one series: one more than `queryStepsMax`.
   */
  datasourceBytesMax: 1_048_576,
  datasourceSeriesMax: 1_000,
  datasourcePointsMax: 11_001,
  /** A URL that asks it; gunicorn takes 4,094 bytes by default. A longer question is posted. */
  datasourceUrlBytesMax: 4_000,
  /** One that asks several questions at once: uwsgi has room for 4,096 bytes and counts a query twice. */
  datasourceBatchUrlBytesMax: 1_600,
  /** How long a parser works before everything else that waits has its turn. */
  parseSliceMs: 10,
  /** An answer of a dashboard. */
  dashboardAnswerBytesMax: 16_384,
  /** A list that it is asked for, such as its components. */
  dashboardListBytesMax: 1_048_576,
  /** A list of open incidents that each name all of their components, with all that was said about them. */
  dashboardIncidentsBytesMax: 4_194_304,
  /** Pages of open events, 50 on each. */
  eventPagesMax: 10,
  /** Pages of such a list, with 100 entries each. */
  dashboardPagesMax: 20,
  /** Targets that begin together in one incident; more of them make another one. */
  incidentMembersMax: 100,
  /** Of what caused an incident: its expression, or one of its flags, and how many flags are told. */
  evidenceCharactersMax: 1_000,
  evidenceFlagsMax: 50,
  /** How long an alert lasts at least unless it is told again. */
  alertLeaseMsMin: 300_000,
  /** Credentials whose budget is known; the one that was opened first is forgotten. */
  budgetsMax: 1_000,
  /** How often a dashboard is asked which incidents are open there. */
  lookMs: 900_000,
  /** For how long, and how many, open incidents are remembered whose target or dashboard was taken out. */
  leftMs: 2_592_000_000,
  leftMax: 10_000,
  /** Incidents of others that are remembered of one dashboard; their number is told in full. */
  unownedMax: 100,
  /** `Retry-After` counts within these. */
  retryAfterMsMin: 1_000,
  retryAfterMsMax: 30_000,
  /** One log line. */
  logLineBytesMax: 8_192,
  /** Log lines that wait for a reader that does not read. */
  logBufferBytesMax: 1_048_576,
  /** How long the same failure is only counted, not logged again. */
  logRepeatMs: 60_000,
  /** Connections to a listener of ours. */
  connectionsMax: 256,
  /** Of these, from one address. */
  connectionsPerAddressMax: 32,
  /** Connections that the system holds until they are let in; with more, clients have to try again. */
  connectionsWaiting: 1_024,
  /** Of a request to a listener of ours. */
  requestBytesMax: 65_536,
  /** Of its line and headers. */
  requestHeaderBytesMax: 8_192,
  /** For a connection to send a complete request, or to read the whole answer. */
  connectionPhaseMs: 5_000,
  /** For an answer to be made, however patient the client is. */
  answerMsMax: 120_000,
  /**
   * For a connection that was answered to send the next complete request. Our pages ask every 5 s: by
   * then it is closed for good, and nobody asks while it is being closed.
   */
  connectionIdleMs: 4_500,
  /** A body that is admitted has more time the more of it has come: whoever sends so much a second is not cut. */
  bodyBytesPerSecondMin: 65_536,
  /** However large it is. */
  bodyMsMax: 60_000,
  /** Of the bodies above `requestBytesMax` that a listener of ours holds at once. */
  bodiesBytesMax: 33_554_432,
  /** After so many bytes of bodies their memory is looked after. */
  bodiesPassedBytes: 524_288,
  /** Memory that is kept for bodies to come. */
  spareBodiesBytesMax: 1_048_576,
  /** After it a connection is closed with the next answer. */
  connectionAgeMs: 3_600_000,
  /** For a client to read why it was refused, before the connection is cut. */
  connectionLingerMs: 1_000,
  /** For a listener that stops to answer what is under way. */
  listenerDrainMs: 1_000,
  /** Readings of one target that a page shows. */
  resultsShown: 50,
  /** Deliveries that a page shows. */
  deliveriesShown: 50,
  /** Cycles, or attempts, whose latency a page shows. */
  latenciesShown: 60,
  /** How long a failed delivery counts as trouble at least, unless a later one is taken. */
  troubleMsMin: 60_000,
  /** Of whom repeated failures are counted, and different ones of one of them. */
  repeatsMax: 10_000,
  repeatsOfOneMax: 64,
  /** How long the end waits for a reader of the log. */
  flushMs: 500,
  /** How often `--watch-config` reads the files. */
  watchMs: 2_000,
  /** How long deliveries in flight may take after a signal. */
  drainMs: 4_000,
  /** How often what is too old leaves the window: whoever looks takes out the rest, or sees it so long. */
  sweepMs: 5_000,
  /** How long a limit that was reached shows in the collector's health. */
  cappedMs: 300_000,
  /** How long a collector that ends still answers that it takes nothing. */
  collectorDrainMs: 1_000,
  /** A point may lie this far in the future. */
  futureMs: 60_000,
  /** A page of aggregated metrics; what would be larger is refused. */
  aggregatedPageBytesMax: 8_388_608,
  /** Of these pages together, as long as somebody may not have read them yet. */
  aggregatedPagesBytesMax: 33_554_432,
  /** How long one of them is shown to others, who ask the same. */
  aggregatedPageKeptMs: 2_000,
  /** How long an answer to a query takes at most, the wait for its turn included. */
  queryAnswerMs: 4_000,
  /** Queries that wait for their turn. */
  queriesWaitingMax: 64,
  /** An answer to a query, and all of them as long as somebody may not have read them yet. */
  queryAnswerBytesMax: 8_388_608,
  queryAnswersBytesMax: 67_108_864,
  /** Of queries of flags that need not be read again: 50,000 usual ones. Their trees take 40 times as much. */
  parsedQueriesCharactersMax: 4_194_304,
  /** Series that a selector of one of them found, and that need not be sought again. */
  foundSeriesMax: 64,
  /** Labels of one series. */
  labelsMax: 30,
  /** The value of a label. */
  labelCharactersMax: 1_024,
  /**
   * Names and values of labels, on average over as many series as there may be. The longest of
   * kube-state-metrics have about 300, node_exporter's 60: a page of 10,000 series has 4 MB at most.
   */
  labelCharactersPerSeries: 320,
  /** How long a series is silent, at least, before it gives way to a new one that has no room. */
  silentMsMin: 1_800_000,
  /** Series that may give way between two roll-ups. */
  silentSeriesMax: 10_000,
  /** What a metric means, and in which unit. */
  helpCharactersMax: 1_000,
  unitCharactersMax: 50,
  /** Of all that says what metrics mean: it stands on every page of metrics. Ten thousand times 100. */
  helpCharactersOfAllMax: 1_048_576,
  /** Points that every series may have, however many all of them have together. */
  pointsGuaranteed: 32,
  /** How long a series counts as current after its newest point, at least. */
  staleMs: 300_000,
  /** Services, addresses, paths, and paths of one service that a page lists; the rest is "other". */
  namesShown: 1_000,
  /** Paths of all services that a page lists; fewer where it becomes larger than this. */
  pathsShown: 20_000,
  pathsShownBytes: 2_097_152,
  /** Services that a page for people lists. */
  servicesShown: 50,
  /** A page of the window that is larger, or for which more names were looked at, is kept a moment. */
  freshPageBytesMax: 65_536,
  freshPageNamesMax: 10_000,
  /** How long. */
  dearPageMs: 1_000,
  /** Targets on the page of availability. */
  uptimeTargetsShown: 300,
  /** How often `push` asks a collector again that is away. */
  pushRestsMax: 3,
  /** The same where the collector says when it wants to be asked again. */
  pushAskedRestsMax: 10,
} as const;
