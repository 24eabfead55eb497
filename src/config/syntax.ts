/**
 * YAML as it is read here, and the sentences for its errors.
 *
 * The parser's own sentences quote what is written there, which may be a secret; these never do.
 */
import { type Document, type ErrorCode, type LineCounter, parseDocument } from 'yaml';

/** A text can have an error at every sign: without their stacks they cost a fifth. */
export function parseYaml(text: string, lineCounter: LineCounter): Document.Parsed {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: false,
      prettyErrors: false,
      // Silence would also keep a second document from being told.
      logLevel: 'error',
      lineCounter,
    });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

type Sentence = { readonly message: string; readonly remedy: string };

const quotes = 'Put the text in quotes';
const indentation = 'Indent with spaces, each level by the same number';

const sentences: Readonly<Record<ErrorCode, Sentence>> = {
  ALIAS_PROPS: { message: 'an alias (*) cannot have an anchor or a tag', remedy: quotes },
  BAD_ALIAS: { message: 'an alias (*) is not right', remedy: 'Put a text that begins with * in quotes' },
  BAD_COLLECTION_TYPE: { message: 'a tag does not fit what follows it', remedy: 'Take the tag out' },
  BAD_DIRECTIVE: {
    message: 'a directive (%) is not right',
    remedy: 'Put a text that begins with % in quotes',
  },
  BAD_DQ_ESCAPE: {
    message: 'an escape in double quotes is not right',
    remedy: 'Write \\\\ for a backslash, or use single quotes',
  },
  BAD_INDENT: { message: 'the indentation is not right, or a bracket is not closed', remedy: indentation },
  BAD_PROP_ORDER: { message: 'an anchor (&) or a tag (!) is in the wrong place', remedy: quotes },
  BAD_SCALAR_START: { message: 'a text cannot begin with this character', remedy: quotes },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a colon where none can be',
    remedy: 'Put a text with a colon and a space in quotes',
  },
  BLOCK_IN_FLOW: { message: 'a block cannot stand inside brackets', remedy: 'Close the bracket before it' },
  DUPLICATE_KEY: { message: 'a key is given twice', remedy: 'Keep one of them' },
  IMPOSSIBLE: { message: 'this is not YAML', remedy: quotes },
  KEY_OVER_1024_CHARS: {
    message: 'a key is longer than 1,024 characters',
    remedy: 'Is a quote missing before it?',
  },
  MISSING_CHAR: {
    message: 'something is missing: a space, comma, colon, quote or bracket',
    remedy: 'Close every quote and bracket, and put a space after each colon',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'a key spans several lines',
    remedy: 'Is a colon missing in the line before?',
  },
  MULTIPLE_ANCHORS: { message: 'two anchors (&) in one place', remedy: quotes },
  MULTIPLE_DOCS: {
    message: 'a second document begins here',
    remedy: 'Keep one document in a file: take the --- out, or put the rest into conf.d',
  },
  MULTIPLE_TAGS: { message: 'two tags (!) in one place', remedy: quotes },
  NON_STRING_KEY: { message: 'a key is not a text', remedy: quotes },
  RESOURCE_EXHAUSTION: { message: 'nests too deep', remedy: 'Flatten it' },
  TAB_AS_INDENT: { message: 'a tab in the indentation', remedy: indentation },
  TAG_RESOLVE_FAILED: { message: 'a tag (!) is not known or does not fit', remedy: quotes },
  UNEXPECTED_TOKEN: {
    message: 'something is here that cannot be',
    remedy: 'Put a text with special characters in quotes',
  },
};

export function syntaxProblem(code: ErrorCode): Sentence {
  return sentences[code];
}
