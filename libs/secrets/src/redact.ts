/** Shown in place of a secret. */
export const redacted = '[redacted]';

/** Secrets shorter than this are not replaced: they would blot out ordinary words. */
const shortestSecret = 4;

/**
 * Function that replaces every occurrence of the secrets, also in their base64, URL-encoded and JSON-escaped forms.
 * The longest is replaced first, so that a secret inside another one leaves nothing of it.
 */
export const createRedactor = (secrets: readonly string[]): ((text: string) => string) => {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= shortestSecret).flatMap(formsOf))];
  forms.sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((current, form) => current.replaceAll(form, redacted), text);
};

const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
];
