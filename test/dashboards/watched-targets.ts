/** Targets that count how often they are looked at. */
import { targetOf } from '../reporter/cast.ts';

export function watchedTargets(services: readonly string[]) {
  let looks = 0;
  const targets = services.map((service) => ({
    ...targetOf(service),
    get service() {
      looks++;
      return service;
    },
  }));
  return { targets, looks: () => looks };
}
