/** The limits of what is pushed: how much may come, and how much of it is told apart. */

export const intakeLimits = {
  /** Many metrics or samples that come at once. */
  batchBytesMax: 8_388_608,
  /** One metric or sample, alone or among others. */
  elementBytesMax: 65_536,
  /** Its nesting, counted before it is parsed. */
  elementDepthMax: 16,
  /** Of a body that comes: so much counts as one metric at least, whatever is in it. */
  ratedBytes: 4_096,
  /** Addresses whose rate is known; the one that was quiet for longest is forgotten. */
  ratedAddressesMax: 16_384,
  /** Of what is wrong with a body: then it is not read on, because wrong text costs most to read. */
  complaintsMax: 1_000,
  /** How long work on what came goes on before everything else has its turn. */
  intakeSliceMs: 5,
  /** Of all distinct names of one field of the pushed metrics. */
  nameCharactersMax: 4_194_304,
  /** Of all distinct environments, instances or peers, which are only held until they are summed up. */
  heldCharactersMax: 1_048_576,
  /** Pairs of a service and an address, and of a service and a path, that are counted. */
  ipPairsMax: 98_304,
  pathPairsMax: 98_304,
  /** Pairs of a service and an environment in one roll-up. */
  deploymentsMax: 750,
  /** Distinct instances, and peers, of all of them together. */
  replicasMax: 65_536,
  /** How long old metrics are cleaned out before everything else has its turn. */
  expirySliceMs: 10,
} as const;
