/** A key of 128 random bits for one request. `crypto.randomUUID` is there over https and on the machine itself alone. */
export const newRequestKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
