/** Selectors and lists of labels of the grammar's tree. */
import type { Node, Source } from './grammar.ts';
import { decodeString } from './string-literal.ts';
import type { Matcher, MatchOperator, Selector } from './syntax.ts';

export function readSelector(source: Source, node: Node): Selector {
  const at = node.from;
  const list = node.getChild('LabelMatchers');
  const matchers = list ? readMatchers(source, list) : [];
  if (!node.getChild('Identifier')) {
    if (matchers.some(({ matches }) => !matches(''))) return { at, matchers };
    throw source.error(at, 'vector selector must contain at least one non-empty matcher');
  }
  const name = source.token(at).text;
  // The one operator that no metric may be called.
  if (/^atan2$/i.test(name)) throw source.unexpected(at);
  const other = matchers.find((matcher) => matcher.name === '__name__');
  if (other) {
    const names = `${JSON.stringify(name)} or ${JSON.stringify(other.value)}`;
    throw source.error(at, `metric name must not be set twice: ${names}`);
  }
  return { at, matchers: [...matchers, matcher('__name__', '=', name, equal(name))] };
}

function readMatchers(source: Source, list: Node): readonly Matcher[] {
  const quoted = list.getChild('QuotedLabelMatcher') ?? list.getChild('QuotedLabelName');
  if (quoted) throw source.unexpected(quoted.from, ' in label matching, expected identifier or "}"');
  return list.getChildren('UnquotedLabelMatcher').map((node) => readMatcher(source, node));
}

function readMatcher(source: Source, node: Node): Matcher {
  const at = node.from;
  const operator = source.token(source.tokenAfter(at).at).text as MatchOperator;
  const { text: name } = source.token(at);
  const value = decodeString(source.token((node.getChild('StringLiteral') as Node).from).text);
  if (operator === '=' || operator === '!=') {
    const isEqual = equal(value);
    return matcher(name, operator, value, operator === '=' ? isEqual : (other) => !isEqual(other));
  }
  const test = source.regexes.compile(value);
  if (typeof test === 'string') throw source.error(at, test);
  return matcher(name, operator, value, operator === '=~' ? test : (other) => !test(other));
}

function matcher(
  name: string,
  operator: MatchOperator,
  value: string,
  matches: (value: string) => boolean,
): Matcher {
  return { name, operator, value, matches };
}

function equal(value: string): (other: string) => boolean {
  return (other) => other === value;
}

export function readGroupingLabels(source: Source, node: Node): readonly string[] {
  const quoted = node.getChild('QuotedLabelName');
  if (quoted) throw source.unexpected(quoted.from, ' in grouping opts, expected label');
  return node.getChildren('LabelName').map(({ from }) => source.token(from).text);
}
