/**
 * Writes the effective configuration as YAML, each value with what it comes from.
 *
 * Secrets are `***`, and so is what looks like one in sections that are not ours.
 */
import type { Target } from '../model/target.ts';
import type { CloudMon } from './cloudmon.ts';
import type { CollectConfig, Config } from './config.ts';
import { oneLine } from './explain.ts';
import type { Origins } from './load.ts';
import { at, child, isNull, type Located, type LocatedScalar, type Origin } from './located.ts';
import type { Where } from './problem.ts';
import { rootShape } from './schema.ts';
import { type Key, type KindsShape, type Shape, shapeOfKind } from './shape.ts';

export function effectiveYaml(config: Config | CollectConfig, { tree, cloudMon }: Origins): string {
  const writer = new Writer();
  const sections = rootShape.type === 'keys' ? rootShape.keys : new Map<string, Key>();
  const isShown = shownSections(config);
  for (const [name, { shape }] of sections) {
    const node = child(tree, name);
    if (!isShown(name, node)) continue;
    const isDerived = name === 'reporter' && isNull(at(tree, 'reporter', 'services'));
    if (isNull(node)) writer.section(name, shape, undefined, 0);
    else writer.entry(name, shape, node, 0);
    if (isDerived && 'reporter' in config) writer.targets(config.reporter.targets, cloudMon?.services);
  }
  return writer.text;
}

/** What counts for the role; its own sections also with their defaults, where nothing is written. */
function shownSections(config: Config | CollectConfig): (name: string, node: Located | undefined) => boolean {
  const always = ['telemetry', 'log'];
  if ('collector' in config) always.push('server', 'collector');
  if (config.collector?.health) always.push('datasource');
  if (!('reporter' in config)) {
    return (name, node) => always.includes(name) || (ofHealth.includes(name) && !isNull(node));
  }
  always.push('convertor', 'reporter');
  return (name, node) => always.includes(name) || !isNull(node);
}

const ofHealth = [
  ...['datasource', 'environments', 'metric_templates', 'flag_metrics', 'health_metrics'],
  'maintenance',
];

class Writer {
  text = '';

  section(name: string, shape: Shape, node: Located | undefined, depth: number): void {
    const inside = new Writer();
    inside.#inside(shape.type === 'kinds' ? kindOf(shape, node) : shape, node, depth + 1);
    if (inside.text === '') return;
    this.#line(depth, `${scalarText(name)}:`);
    this.text += inside.text;
  }

  /** The services that nobody listed. */
  targets(targets: readonly Target[], services: CloudMon['services'] | undefined): void {
    this.#line(1, 'services:');
    for (const { service, environment, component, attributes } of targets) {
      const origin = services?.get(service)?.origin;
      this.#line(2, `- name: ${scalarText(service)}`, origin && commentOf(origin));
      this.#line(3, `environment: ${scalarText(environment)}`);
      this.#line(3, `component: ${scalarText(component)}`);
      if (Object.keys(attributes).length > 0) this.#line(3, `attributes: ${JSON.stringify(attributes)}`);
    }
  }

  #inside(shape: Shape, node: Located | undefined, depth: number): void {
    if (shape.type === 'keys') this.#keys(shape.keys, node, depth);
    for (const [name, { node: inner }] of node?.type === 'map' ? node.entries : []) {
      if (shape.type === 'keys' && (shape.keys.has(name) || !shape.open)) continue;
      const inside: Shape = shape.type === 'names' ? shape.inside : { type: 'any' };
      this.entry(name, inside, inner, depth);
    }
  }

  #keys(keys: ReadonlyMap<string, Key>, node: Located | undefined, depth: number): void {
    for (const [name, key] of keys) {
      const inner = child(node, name);
      if (!isNull(inner)) this.entry(name, key.shape, inner, depth);
      else if (key.shape.type === 'keys') this.section(name, key.shape, undefined, depth);
      else if (isShownDefault(key, node))
        this.#line(depth, `${scalarText(name)}: ${defaultText(key.default)}`, 'default');
    }
  }

  entry(name: string, shape: Shape, node: Located | undefined, depth: number): void {
    if (isNull(node) || node === undefined || node.type === 'file') return;
    if (node.type === 'scalar') {
      const isHidden = shape.type === 'any' && looksSecret.test(name);
      this.#line(
        depth,
        `${scalarText(name)}: ${isHidden ? hidden : valueText(node, shape)}`,
        commentOf(node.origin, node),
      );
    } else if (node.type === 'list') {
      this.#list(name, shape, node.items, node.origin, depth);
    } else {
      const isText = shape.type === 'value';
      this.section(name, isText ? { type: 'any' } : shape, node, depth);
    }
  }

  #list(name: string, shape: Shape, items: readonly Located[], origin: Origin, depth: number): void {
    const inside: Shape = shape.type === 'list' ? shape.item : { type: 'any' };
    if (items.length === 0) this.#line(depth, `${scalarText(name)}: []`, commentOf(origin));
    else this.#line(depth, `${scalarText(name)}:`);
    for (const item of items) this.#item(item, inside, depth + 1);
  }

  /** An item's first line takes the dash. */
  #item(item: Located, shape: Shape, depth: number): void {
    if (item.type === 'scalar') {
      this.#line(depth, `- ${valueText(item, shape)}`, commentOf(item.origin));
      return;
    }
    const inside = new Writer();
    if (item.type === 'list') inside.#list('-', shape, item.items, item.origin, depth + 1);
    else inside.#inside(shape, item, depth + 1);
    const indent = '  '.repeat(depth);
    this.text +=
      inside.text === '' ? `${indent}- {}\n` : `${indent}- ${inside.text.slice(indent.length + 2)}`;
  }

  #line(depth: number, content: string, comment?: string): void {
    this.text += `${'  '.repeat(depth)}${content}${comment === undefined ? '' : `  # ${oneLine(comment)}`}\n`;
  }
}

function kindOf(shape: KindsShape, node: Located | undefined): Shape {
  return shapeOfKind(shape, node) ?? [...shape.kinds.values()][0] ?? { type: 'any' };
}

function isShownDefault(key: Key, node: Located | undefined): boolean {
  if (key.default === undefined || (key.unless !== undefined && !isNull(child(node, key.unless))))
    return false;
  if (key.beside !== undefined && isNull(child(node, key.beside))) return false;
  return !(Array.isArray(key.default) && key.default.length === 0) && !isEmptyObject(key.default);
}

function defaultText(value: unknown): string {
  return typeof value === 'string' ? scalarText(value) : JSON.stringify(value);
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

const hidden = '"***"';
const looksSecret = /secret|passw|token|api_?key|credential|authorization/i;

function valueText(node: LocatedScalar, shape: Shape): string {
  const takes = shape.type === 'value' ? shape.takes : undefined;
  if (takes === 'secret') return hidden;
  if (takes === 'file') return scalarText(node.contentOf ?? node.text);
  if (takes === 'text' || takes === 'proxy') return scalarText(withoutCredentials(node.text));
  // As it was written: 10 and 10s, not 10000.
  const isNumber = /^-?\d+(\.\d+)?$/.test(node.text);
  if (takes === 'number' || takes === 'amount') return isNumber ? node.text : scalarText(node.text);
  return typeof node.value === 'string' ? scalarText(withoutCredentials(node.text)) : String(node.value);
}

function withoutCredentials(text: string): string {
  return text.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1***@').replace(/^([a-z]+:\/\/[^?]*\?).*/i, '$1***');
}

/** Without quotes only where YAML reads the same text. */
function scalarText(text: string): string {
  const isPlain =
    /^(?:[A-Za-z_/](?:[\w./:@*-]*[\w/])?|\d+(?:ms|s|m|h|d))$/.test(text) &&
    !/^(?:true|false|null|y|n|yes|no|on|off)$/i.test(text);
  return isPlain ? text : oneLine(JSON.stringify(text));
}

function commentOf({ where, derived }: Origin, node?: LocatedScalar): string {
  const place = placeOf(where);
  if (derived) return `from ${derived}, ${place}`;
  return node?.contentOf === undefined ? place : `file ${node.contentOf}, ${place}`;
}

function placeOf(where: Where): string {
  if ('env' in where) return `env ${where.env}`;
  return where.line === undefined ? where.file : `${where.file}:${where.line}`;
}
