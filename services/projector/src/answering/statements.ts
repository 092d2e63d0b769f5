import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Prepared statements kept at most; filters and sort orders make many shapes, of which few are in use. */
const statementsMax = 200;

/** Prepares each SQL text once; the one not used for longest goes first. */
export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  of(sql: string): StatementSync {
    const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql);
    this.#prepared.delete(sql);
    this.#prepared.set(sql, statement);
    const oldest = this.#prepared.keys().next().value;
    if (this.#prepared.size > statementsMax && oldest !== undefined) this.#prepared.delete(oldest);
    return statement;
  }
}

/** Expressions as the columns of a SELECT, by name. */
export const asColumns = (expressions: Readonly<Record<string, string>>): string =>
  Object.entries(expressions)
    .map(([name, sql]) => `${sql} AS ${name}`)
    .join(', ');
