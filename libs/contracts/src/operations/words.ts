/** A text for people, in each language that the API speaks. */
export interface Words {
  readonly en: string;
  readonly ru: string;
}
