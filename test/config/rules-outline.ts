/** Health rules as text, so that a test can compare all of them at once. */
import type { HealthRules } from '../../src/collector/health/rules.ts';

/** Each service with its flags in each environment, and then its expressions. */
export function outlineOf(rules: HealthRules | undefined): string {
  if (!rules) return 'no rules';
  const { datasource, onMissing, services } = rules;
  const source = datasource.type === 'embedded' ? datasource.type : `${datasource.type} ${datasource.url}`;
  const lines = [`${source}, without a value ${onMissing}`];
  for (const { key, category, environments, expressions } of services) {
    lines.push(`${key} [${category}]`);
    for (const { name, flags } of environments) {
      lines.push(`  in ${name}`);
      for (const flag of flags) {
        const listed = flag.metric === flag.name ? '' : ` (${flag.metric})`;
        lines.push(`    ${flag.name}${listed}: ${flag.query} ${flag.op} ${flag.threshold}`);
      }
    }
    lines.push(...expressions.map(({ text, weight }) => `  ${weight} if ${text}`));
  }
  return lines.join('\n');
}
