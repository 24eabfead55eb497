/** The limits of queries: what they cost has to stay small whatever is asked. */

export const queryLimits = {
  /** A query of a flag, its variables filled in, and all of them together. */
  queryCharactersMax: 8_192,
  queryCharactersOfAllMax: 16_777_216,
  /** Brackets that stand in each other and operators of one query together: how deep its tree may be. */
  queryDepthMax: 250,
  /** Its words and signs: these are read in 20 ms by a process that has just begun, and in 2 ms later on. */
  queryTokensMax: 1_500,
  /** Regular expressions of one request, and characters of one of them. */
  queryRegexesMax: 50,
  regexCharactersMax: 4_096,
  /** What it is to compile all of them, counted beforehand: about one for each instruction, and 10 ms in all. */
  regexWorkMax: 1_500,
  /** What one becomes to be matched in linear time: 5 ms for the longest label at its worst. */
  regexInstructionsMax: 1_000,
  /** Points from the first moment of a query to its last: Prometheus's own limit. */
  queryStepsMax: 11_000,
  /** Series that one selector of a query may find. */
  querySeriesMax: 20_000,
  /** Points that a query may read, and values that it may work out on the way: about 50 MB. */
  queryPointsMax: 5_000_000,
  /** Points of one series that are sorted at once: in 5 ms. */
  quantilePointsMax: 65_536,
  /** How long a query may take. */
  queryMs: 10_000,
} as const;
