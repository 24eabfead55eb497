/** One series: its labels and its points. */
import type { Labels } from '../../exposition/family.ts';
import { type Point, Ring, type Segment } from './ring.ts';

/** What readers see of it. */
export type Series = {
  /** In the order of their names; the same object for ever. */
  readonly labels: Labels;
  /** Of its points. */
  readonly count: number;
  readonly latest: Point | undefined;
  /** Its points in this time, both ends included, as views that are true until the next point comes. */
  range(fromMs: number, toMs: number): readonly Segment[];
};

export class RingSeries extends Ring implements Series {
  readonly labels: Labels;
  /** When a sample of it came, or was about to; of whatever time the sample is. */
  heardMs: number;

  constructor(labels: Labels, heardMs: number) {
    super();
    this.labels = labels;
    this.heardMs = heardMs;
  }
}
