/** The limits of what is kept on a disk: the state, the history. */

export const diskLimits = {
  /** The file of the state; what lives in it; and a file below this is not worth compacting. */
  stateBytesMax: 16_777_216,
  stateLivingBytesMax: 12_582_912,
  stateCompactBytesMin: 65_536,
  /** Pieces of a damaged file that are looked at, one after the other. */
  stateDamagedLinesMax: 100_000,
  /** So much is handed to the disk at once. */
  stateWriteBytes: 262_144,
  /** A write that takes longer is told about. */
  stateSlowMs: 1_000,
  /** How long a disk that failed is left alone. */
  stateRetryMs: 5_000,
  /** How long the end waits for the disk. */
  stateStopMs: 2_000,
  /** How long it is waited for what another process, which is there, says about itself. */
  claimAnswerMs: 2_000,
  claimAnswerBytesMax: 512,
  /** How long a report waits for the disk to hold what is intended. */
  stateWaitMs: 1_000,
  /** The history of a month: beyond it deliveries are not written any more, and beyond the second nothing is. */
  historyBytesMax: 33_554_432,
  historyChangesBytesMax: 50_331_648,
  /** Months of history that are kept, the current one included. */
  historyMonthsMax: 13,
  /** One text in a line of it; flags that made the convertor decide; a longer line says none of them. */
  historyTextCharactersMax: 500,
  historyTriggeredMax: 20,
  historyEvidenceBytesMax: 8_192,
  /** One line; what is longer is damaged. */
  historyLineBytesMax: 65_536,
  /** What waits for a disk that does not write: two lines for each of 10,000 targets. */
  historyWaitingBytesMax: 8_388_608,
  /** How often it says that the program runs. */
  historyBeatMs: 60_000,
  /** How long the end waits for the disk. */
  historyStopMs: 1_000,
} as const;
