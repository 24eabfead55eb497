/** What the program's source says about itself: log lines, their fields, closed lists. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export type LogCall = {
  readonly level: string;
  /** `{}` where something is filled in; undefined where the line is not written out. */
  readonly message: string | undefined;
  readonly fields: readonly string[];
  /** `src/app/daemon.ts:12`. */
  readonly place: string;
};

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Every line that the program can log. */
export function logCalls(): readonly LogCall[] {
  const paths = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('demo/'))
    .map((name) => join('src', name));
  return paths.flatMap((path) => [...callsIn(parse(path)), ...rawLinesIn(path)]);
}

/** The words of a type such as `'a' | 'b' | Other`; what it refers to is left out. */
export function wordsOfType(path: string, name: string): readonly string[] {
  const words: string[] = [];
  const file = parse(path);
  file.forEachChild((node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== name) return;
    const members = ts.isUnionTypeNode(node.type) ? node.type.types : [node.type];
    for (const member of members) {
      if (ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal)) words.push(member.literal.text);
    }
  });
  return words;
}

/** The fields of the objects out of which a file puts its log lines together. */
export function fieldsOfObjects(path: string): readonly string[] {
  return within(parse(path), (node) => {
    const isPart =
      (ts.isFunctionDeclaration(node) && node.type?.kind === ts.SyntaxKind.ObjectKeyword) ||
      (ts.isVariableDeclaration(node) && node.initializer && ts.isObjectLiteralExpression(node.initializer));
    return isPart ? within(node, (inner) => (ts.isObjectLiteralExpression(inner) ? keysOf(inner) : [])) : [];
  });
}

/** The fields of a type that is an object. */
export function fieldsOfType(path: string, name: string): readonly string[] {
  return within(parse(path), (node) =>
    ts.isTypeAliasDeclaration(node) && node.name.text === name && ts.isTypeLiteralNode(node.type)
      ? node.type.members.flatMap((member) =>
          member.name && ts.isIdentifier(member.name) ? [member.name.text] : [],
        )
      : [],
  );
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
}

function callsIn(file: ts.SourceFile): readonly LogCall[] {
  return within(file, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
    const { expression: logger, name } = node.expression;
    if (!levels.includes(name.text) || !/(^|\.)log$/.test(logger.getText(file))) return [];
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    const message = node.arguments.at(-1);
    const [first] = node.arguments;
    return [
      {
        level: name.text,
        message: message && textOf(message),
        fields: first && ts.isObjectLiteralExpression(first) ? keysOf(first) : [],
        place: `${file.fileName}:${line + 1}`,
      },
    ];
  });
}

/** Lines that are written without the log. */
function rawLinesIn(path: string): readonly LogCall[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      const [, level, message] = /"level":"(\w+)","msg":"([^"]+)"/.exec(line) ?? [];
      return level ? [{ level, message, fields: [], place: `${path}:${index + 1}` }] : [];
    });
}

function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('');
}

function keysOf(object: ts.ObjectLiteralExpression): readonly string[] {
  return object.properties.flatMap((property) =>
    property.name && ts.isIdentifier(property.name) ? [property.name.text] : [],
  );
}

function within<Found>(node: ts.Node, find: (node: ts.Node) => readonly Found[]): readonly Found[] {
  const found = [...find(node)];
  node.forEachChild((child) => {
    found.push(...within(child, find));
  });
  return found;
}
