import { createHash, verify, type KeyObject } from 'node:crypto';

/**
 * Verifies the DKIM signature of a mail as it came over the wire (RFC 6376, rsa-sha256, relaxed/relaxed), as a receiver does.
 * @returns what is wrong; null when header and body are as they were signed
 */
export const dkimFault = (raw: string, publicKey: KeyObject): string | null => {
  const end = raw.indexOf('\r\n\r\n');
  const headers = raw.slice(0, end).split(/\r\n(?![ \t])/);
  const signature = headers.find((header) => /^dkim-signature:/i.test(header));
  if (signature === undefined) return 'not signed';
  const tags = new Map(
    signature
      .slice(signature.indexOf(':') + 1)
      .split(';')
      .map((tag) => [
        tag.slice(0, tag.indexOf('=')).trim(),
        tag.slice(tag.indexOf('=') + 1).replaceAll(/\s+/g, ''),
      ]),
  );
  if (tags.get('a') !== 'rsa-sha256' || tags.get('c') !== 'relaxed/relaxed') return 'signed in another way';
  const bodyHash = createHash('sha256')
    .update(relaxedBody(raw.slice(end + 4)))
    .digest('base64');
  if (tags.get('bh') !== bodyHash) return 'body changed';
  // Of several headers of one name the last comes first; one that is named and not there counts as empty.
  const left = [...headers];
  const signedHeaders = (tags.get('h') ?? '').split(':').flatMap((name) => {
    const at = left.findLastIndex((header) => header.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return at < 0 ? [] : left.splice(at, 1).map(relaxedHeader);
  });
  const unsigned = relaxedHeader(signature).replace(/([;\s]b=)[^;]*/, '$1');
  const data = Buffer.from([...signedHeaders, unsigned].join('\r\n'));
  const isGood = verify('sha256', data, publicKey, Buffer.from(tags.get('b') ?? '', 'base64'));
  return isGood ? null : 'header changed, or another key';
};

const relaxedHeader = (header: string): string => {
  const colon = header.indexOf(':');
  const value = header
    .slice(colon + 1)
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ');
  return `${header.slice(0, colon).trim().toLowerCase()}:${value.trim()}`;
};

const relaxedBody = (body: string): string => {
  const lines = body.replaceAll(/[ \t]+(?=\r\n)/g, '').replaceAll(/[ \t]+/g, ' ');
  const text = lines.replace(/(?:\r\n)+$/, '');
  return text === '' ? '' : `${text}\r\n`;
};
