/** Longest slug that Alfa Cloud takes. */
const slugMax = 40;

const latin: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ё: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
  і: 'i',
  ї: 'i',
  є: 'e',
  ґ: 'g',
  ў: 'u',
};

/** A slug for a name: Cyrillic in Latin letters, accents left out, everything else a hyphen. Empty when the name holds no letter. */
export const slugOf = (name: string): string =>
  Array.from(name.toLowerCase(), (letter) => latin[letter] ?? letter)
    .join('')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, slugMax)
    .replace(/-+$/, '');

/** Whether Alfa Cloud takes it: a letter, then letters, digits and single inner hyphens. */
export const isSlug = (text: string): boolean =>
  text.length <= slugMax && /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/.test(text);
