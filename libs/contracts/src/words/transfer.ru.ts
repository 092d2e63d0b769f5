/** What is said of data on their way from one server to another, in Russian by English templates. */
export const transferRu: Readonly<Record<string, string>> = {
  'Nothing has come from {} or gone to it for {} s': '{}: ничего не пришло и не ушло за {} с',
};
