/** Shown in place of a secret. */
export const redacted = '[redacted]';

/** Shorter secrets are not replaced, since they occur in ordinary words. */
const shortestSecret = 4;

/**
 * Returns a function that replaces every occurrence of the secrets, also base64-encoded, URL-encoded and JSON-escaped.
 * The longest is replaced first, so that nothing remains of a secret that contains another one.
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
