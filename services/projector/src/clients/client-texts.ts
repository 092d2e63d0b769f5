import { type ClientView, type Language, languages, presentClient } from '@alfa-cloud/contracts';
import { json, type Json } from '../answering/json.ts';

/** Texts kept in each language at most; one is about 2 KB. */
const textsMax = 10_000;
/** Longer ones, of clients with long notes, are made each time: notes alone may have 40 KB. */
const textMaxBytes = 8192;

const encoder = new TextEncoder();

interface Known {
  /** What the text depended on besides the client's row. */
  beside: readonly unknown[];
  text: Uint8Array;
}

/**
 * Texts of clients as the API answers them, made by the one function that makes them anywhere and kept until something changes that they say:
 * to make one takes many times as long as to compare what it was made from.
 */
export class ClientTexts {
  readonly #known = new Map<Language, Map<string, Known>>(languages.map((language) => [language, new Map()]));

  /**
   * The text of a resource `clients`, in UTF-8.
   * @param beside all that the view depends on besides the client's row, compared one by one
   * @param view the client as it is now
   */
  of(language: Language, id: string, beside: readonly unknown[], view: () => Json<ClientView>): Uint8Array {
    const texts = this.#known.get(language) ?? new Map<string, Known>();
    const known = texts.get(id);
    if (known !== undefined && isSame(known.beside, beside)) return known.text;
    const resource = presentClient(JSON.parse(view()) as ClientView, language);
    // A Buffer of this size would be a part of a larger one, all of which is kept with it.
    const text = encoder.encode(json(resource));
    texts.delete(id);
    if (text.byteLength > textMaxBytes) return text;
    texts.set(id, { beside, text });
    const oldest = texts.keys().next().value;
    if (texts.size > textsMax && oldest !== undefined) texts.delete(oldest);
    return text;
  }

  /** To be called when the rows of clients have changed. */
  forget(ids: readonly string[]): void {
    for (const texts of this.#known.values()) for (const id of ids) texts.delete(id);
  }

  forgetAll(): void {
    for (const texts of this.#known.values()) texts.clear();
  }
}

const isSame = (before: readonly unknown[], now: readonly unknown[]): boolean =>
  before.length === now.length && before.every((value, index) => value === now[index]);
