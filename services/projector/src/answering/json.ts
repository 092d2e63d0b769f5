declare const content: unique symbol;

/** JSON text of a value of type `T`. Views are stored as JSON, so an answer is put together from texts and never parsed on its way. */
export type Json<T> = string & { readonly [content]?: T };

export const json = <T>(value: T): Json<T> => JSON.stringify(value);

/** Text of an array out of the texts of its items. */
export const jsonArray = <T>(items: readonly Json<T>[]): Json<T[]> => `[${items.join(',')}]`;

/** Text of an object out of the texts of its members. */
export const jsonObject = <T extends object>(members: { [Name in keyof T]-?: Json<T[Name]> }): Json<T> =>
  `{${Object.entries(members)
    .map(([name, value]) => `${JSON.stringify(name)}:${String(value)}`)
    .join(',')}}`;

/** Text of an object with further members. Neither side may be empty. */
export const jsonExtended = <T extends object, More extends object>(
  object: Json<T>,
  more: Json<More>,
): Json<T & More> => `${object.slice(0, -1)},${more.slice(1)}`;

/** An answer with a text beside it that is passed on as it is, in pieces that stand one behind the other. */
export interface WithText<T> {
  json: Json<T>;
  text: readonly Uint8Array[];
}

const [open, comma, close] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];

/** As {@link jsonArray}, of items that are encoded already. */
export const textOfArray = (items: readonly Uint8Array[]): readonly Uint8Array[] => [
  open,
  ...items.flatMap((item, index) => (index === 0 ? [item] : [comma, item])),
  close,
];
