/** Where something is kept over a restart, as JSON: `value` undefined means that there is nothing to keep. */
export type Shelf = { readonly put: (key: string, value: object | undefined) => void };
