import { expect, test } from 'vitest';
import { Html, html } from '../../src/pages/html.ts';

function check(value: Parameters<typeof html>[1], expected: string): void {
  expect(html`<p title="${value}">${value}</p>`.text).toBe(`<p title="${expected}">${expected}</p>`);
}

test('what could end a text or an attribute is escaped', () =>
  check('<x>&"\'`', '&#60;x&#62;&#38;&#34;&#39;&#96;'));
test('an ampersand is escaped before a parser sees it', () => check('&lt;', '&#38;lt;'));
test('a carriage return stays one', () => check('a\rb\nc', 'a&#13;b\nc'));
test('NUL, which no page can hold, is seen to be missing', () => check('a\0b', 'a\ufffdb'));
test('letters of all scripts stay as they are', () =>
  check('ünï \u202edcba \u{1f9e8}', 'ünï \u202edcba \u{1f9e8}'));
test('a number is a text', () => check(1.5, '1.5'));
test('HTML stays HTML', () => check(new Html('<i>1</i>'), '<i>1</i>'));
test('a list is joined', () => check([html`<b>${1}</b>`, new Html('<i>2</i>')], '<b>1</b><i>2</i>'));
test('nothing is nothing', () => check(undefined, ''));
