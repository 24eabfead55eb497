/** The labels of a source laid over those of its samples, one sample after the other. */
import type { Labels } from '../../exposition/family.ts';
import { type Keyed, keyPart, labelKey, sortedNames } from './labels.ts';

/**
 * The labels of most samples only serve to find their series: of those no object is made, which would
 * take longer than all the rest.
 */
export class LaidLabels implements Keyed {
  /** Of the sample. */
  own: Labels = {};
  readonly #over: Labels;
  readonly #parts: readonly { readonly name: string; readonly text: string }[];

  /** @param over of the source */
  constructor(over: Labels) {
    this.#over = over;
    this.#parts = sortedNames(over).map((name) => ({ name, text: keyPart(name, over[name] as string) }));
  }

  get key(): string {
    const { own } = this;
    const parts = this.#parts;
    let key = '';
    let next = 0;
    for (const name of sortedNames(own)) {
      for (let part = parts[next]; part && part.name < name; part = parts[++next]) key += part.text;
      if (parts[next]?.name === name) return labelKey(this.labels);
      key += keyPart(name, own[name] as string);
    }
    for (let part = parts[next]; part; part = parts[++next]) key += part.text;
    return key;
  }

  /** What has the name of a label of the source becomes `exported_…`, as Prometheus does. */
  get labels(): Labels {
    const { own } = this;
    const laid: { [name: string]: string } = { ...own, ...this.#over };
    for (const { name } of this.#parts) {
      if (!Object.hasOwn(own, name) || own[name] === '') continue;
      let exported = `exported_${name}`;
      while (Object.hasOwn(laid, exported)) exported = `exported_${exported}`;
      laid[exported] = own[name] as string;
    }
    return laid;
  }
}
