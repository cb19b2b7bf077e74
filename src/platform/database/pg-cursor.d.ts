/** The package has no types of its own; these are the parts we use. */
declare module 'pg-cursor' {
  import type { Connection, CustomTypesConfig, Submittable } from 'pg'

  export default class Cursor<Row> implements Submittable {
    constructor(text: string, values?: readonly unknown[], config?: { readonly types?: CustomTypesConfig })
    submit(connection: Connection): void
    handleDataRow(message: unknown): void
    read(rowsMax: number): Promise<Row[]>
    close(): Promise<void>
  }
}
