import { asciiEmail } from '@alfa-cloud/contracts';

const address = /^[^\s@<>"(),:;\\]+@[^\s@<>"(),:;\\]+$/;

/** True for `local@domain`. */
export const isAddress = (text: string): boolean => address.test(text) && address.test(asciiEmail(text));
