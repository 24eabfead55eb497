/**
 * A table of names and numbers. On a phone each name stands above its numbers; the roles are said
 * because a browser forgets them with the layout of a table.
 */
import { type Html, html } from '../pages/html.ts';

export type Table = {
  /** Of its class, which knows how many columns it has. */
  readonly name: string;
  readonly titleId: string;
  readonly columns: readonly string[];
  /** The first cell of each is its name. */
  readonly rows: readonly (readonly (Html | string)[])[];
};

export function drawTable({ name, titleId, columns, rows }: Table): Html {
  const heads = columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`);
  return html`<table role="table" class="table ${name}" aria-labelledby="${titleId}">
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">${rows.map(drawRow)}</tbody>
</table>`;
}

function drawRow([name = '', ...cells]: readonly (Html | string)[]): Html {
  return html`<tr role="row"><th role="rowheader" scope="row">${name}</th>${cells.map((cell) => html`<td role="cell">${cell}</td>`)}</tr>`;
}
