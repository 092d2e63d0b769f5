/** A column of a table. Its cells come from the slot `cell-<key>`. */
export interface Column {
  key: string;
  title: string;
  /** Name by which the API sorts; absent: not sortable. */
  sort?: string;
  align?: 'end';
  /** Heads the row where a phone shows it as a card. */
  isMain?: boolean;
}
