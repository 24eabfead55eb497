/**
 * The types of a published module as one file that refers to nothing else, so that it reads the
 * same for ES modules, for CommonJS, and for programs without the types of node.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** @param entry a module that only says what it exports from where */
export function declarationsOf(entry) {
  const parts = statementsOf(entry, readFileSync(entry, 'utf8')).flatMap(
    ({ exportClause, moduleSpecifier }) =>
      exportedParts(join(dirname(entry), moduleSpecifier.text), exportClause.elements),
  );
  return `${parts.join('\n\n')}\n`;
}

function exportedParts(path, elements) {
  const { outputText } = ts.transpileDeclaration(readFileSync(path, 'utf8'), {
    fileName: path,
    compilerOptions: { strict: true, target: ts.ScriptTarget.ES2023 },
    reportDiagnostics: true,
  });
  const names = elements.map(({ name }) => name.text);
  const statements = statementsOf(path, outputText).filter(({ name }) => names.includes(name?.text));
  if (statements.length < names.length)
    throw new Error(`${path} does not declare all of ${names.join(', ')}`);
  // The first one would bring along what opens the file.
  return statements.map((statement) => textOf(statement));
}

function textOf(statement) {
  const { text } = statement.getSourceFile();
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  const last = comments.at(-1);
  const own = last && text.slice(last.end, statement.getStart()).trim() === '' && comments.length;
  const isOpening = own === 1 && statement.getFullStart() === 0;
  return text.slice(own && !isOpening ? last.pos : statement.getStart(), statement.end);
}

function statementsOf(path, text) {
  return [...ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true).statements];
}
