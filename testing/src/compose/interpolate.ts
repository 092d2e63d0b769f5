/** Variables that a compose file may name; an absent one counts as empty. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Puts the values of variables into a text of a compose file: `${A}`, `${A:-default}`, `${A:+instead}` (nested as well) and `$$` for a dollar.
 * @throws Error for any other form, since it would mean something else to Compose
 */
export const interpolate = (text: string, variables: Variables): string => {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar === -1) return result + text.slice(at);
    result += text.slice(at, dollar);
    if (text[dollar + 1] === '$') {
      result += '$';
      at = dollar + 2;
      continue;
    }
    const end = text[dollar + 1] === '{' ? closingBrace(text, dollar + 2) : -1;
    if (end === -1) throw new Error(`"${text}" holds a dollar that begins no variable`);
    result += valueOf(text.slice(dollar + 2, end), variables);
    at = end + 1;
  }
  return result;
};

const closingBrace = (text: string, from: number): number => {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith('${', at)) depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
};

const valueOf = (expression: string, variables: Variables): string => {
  const [, name = '', operator, word = ''] =
    /^([A-Za-z_][A-Za-z0-9_]*)(?:(:-|:\+)(.*))?$/s.exec(expression) ?? [];
  if (name === '') throw new Error(`"\${${expression}}" is not understood here`);
  const value = variables[name] ?? '';
  if (operator === ':-') return value === '' ? interpolate(word, variables) : value;
  if (operator === ':+') return value === '' ? '' : interpolate(word, variables);
  return value;
};
