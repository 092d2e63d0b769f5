/** What may stand in a template, by name. Text: put in its place. True or false: only for sections. */
export type TemplateValues = Readonly<Record<string, string | boolean>>;

const section = /\{\{([#^])([A-Za-z]+)\}\}([^]*?)\{\{\/\2\}\}/g;
/** On a line of its own a mark takes the line with it. */
const markLine = /^[ \t]*(\{\{[#^/][A-Za-z]+\}\})[ \t]*\r?\n/gm;
const place = /\{\{([A-Za-z]+)\}\}/g;
const anyMark = /\{\{[^]*?\}\}/g;

/**
 * Fills in a template: `{{name}}` for a value, `{{#name}}…{{/name}}` for what stands there only when the value is there (not empty, not
 * false), `{{^name}}…{{/name}}` only when it is not. Sections hold no sections. Values are never read as templates.
 * @param escape what a value becomes; default: itself
 */
export const render = (
  source: string,
  values: TemplateValues,
  escape: (text: string) => string = (text) => text,
): string =>
  source
    .replaceAll(markLine, '$1')
    .replaceAll(section, (_all, kind: string, name: string, content: string) => {
      const isThere = values[name] !== undefined && values[name] !== '' && values[name] !== false;
      return isThere === (kind === '#') ? content : '';
    })
    .replaceAll(place, (_all, name: string) => {
      const value = values[name];
      return typeof value === 'string' ? escape(value) : '';
    });

/** What is wrong with a template, in English: marks that are no marks, names that are not known, sections without an end. */
export const templateFaults = (source: string, names: readonly string[]): string[] => {
  const faults: string[] = [];
  const left = source.replaceAll(section, (_all, _kind, name: string, content: string) => {
    if (!names.includes(name)) faults.push(`{{#${name}}} is not known`);
    return content;
  });
  for (const [mark] of left.matchAll(anyMark)) {
    const name = /^\{\{([A-Za-z]+)\}\}$/.exec(mark)?.[1];
    if (name === undefined) faults.push(`${mark} has no other end, or is no mark`);
    else if (!names.includes(name)) faults.push(`${mark} is not known`);
  }
  return faults;
};
