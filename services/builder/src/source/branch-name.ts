import { message, type Message } from '@alfa-cloud/contracts';

const branchMaxBytes = 200;

/**
 * What is wrong with the name of a branch: the rules of `git check-ref-format --branch`, and a bound of its length. Null: nothing.
 * Letters of any script are allowed.
 */
export const branchFault = (name: string): Message | null => {
  if (name === '') return message`A branch has no empty name`;
  if (Buffer.byteLength(name) > branchMaxBytes)
    return message`The name of a branch has at most ${branchMaxBytes} bytes`;
  if (name.startsWith('-')) return message`The name of a branch does not begin with a hyphen`;
  const wrong = forbidden.find(({ form }) => form.test(name));
  return wrong === undefined ? null : message`The name of a branch does not hold ${wrong.what}`;
};

const forbidden: readonly { form: RegExp; what: string | Message }[] = [
  { form: /\p{Cc}/u, what: message`control characters` },
  { form: / /, what: message`blanks` },
  { form: /[~^:?*[\\]/, what: '~ ^ : ? * [ \\' },
  { form: /\.\./, what: '..' },
  { form: /@\{|^@$/, what: '@{, @' },
  { form: /^\/|\/$|\/\//, what: message`a slash at its beginning or end, or two of them in a row` },
  { form: /(?:^|\/)\./, what: message`a part that begins with a dot` },
  { form: /\.lock(?:$|\/)|\.$/, what: message`a part that ends with .lock, or a dot at its end` },
  { form: /^HEAD$|^refs\//, what: 'HEAD, refs/' },
];
