import { type Message, message } from '../words/message.ts';
import { isIP } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';

/** Longest ASCII form: a client's slug and a dot fit before it. */
const asciiMax = 190;
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

/** A DNS name in the form in which it is stored: lower-case ASCII labels, international ones in punycode, no trailing dot. */
export const asciiDomainPattern = `^(?=.{1,${asciiMax}}$)${label}(?:\\.${label})*$`;
const asciiForm = new RegExp(asciiDomainPattern);

/** ASCII characters that no host name has. The converter below would read some of them as parts of a URL, and pass over line breaks. */
// eslint-disable-next-line no-control-regex -- control characters are among what must not get through
const foreignAscii = /[\u0000-\u002c\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]/;

/** Labels of the Unicode form that stand for no characters: punycode that does not decode, hyphens at the edge. */
const undecoded = /(?:^|\.)(?:xn--|-)|-(?:\.|$)/;

/** The form of a DNS name that is stored, whatever its case and script, with or without a trailing dot; null for what is no DNS name. */
export const asciiDomain = (text: string): string | null => {
  if (foreignAscii.test(text)) return null;
  const ascii = domainToASCII(text).replace(/\.$/, '');
  return asciiForm.test(ascii) && !undecoded.test(domainToUnicode(ascii)) ? ascii : null;
};

/** A stored DNS name as people read it; as it is where the Unicode form would not lead back to it. */
export const unicodeDomain = (ascii: string): string => {
  const unicode = domainToUnicode(ascii);
  return asciiDomain(unicode) === ascii ? unicode : ascii;
};

/** Zones of Alfa Cloud's own: hosts of its proxies, and names of containers in their network. */
const ownZones = ['alfa.internal', 'alfa'];
/** Zones that never lead to a host (RFC 6761, RFC 7686). */
const deadZones = ['invalid', 'onion'];

/**
 * What keeps a text from being the host name of a client or the domain of a server, in words; null when nothing does. Names below
 * `localhost` pass: they lead to the machine itself, for trying things out.
 */
export const hostNameFault = (text: string): Message | null => {
  if (isIP(text.replaceAll(/^\[|\]$/g, '')) !== 0)
    return message`must be a host name, not an IP address, like "lab.example.org"`;
  const ascii = asciiDomain(text);
  if (ascii === null) {
    return message`must be a host name of letters, digits and inner hyphens, at most ${asciiMax} characters in its ASCII form, like "lab.example.org"`;
  }
  const labels = ascii.split('.');
  if (labels.length < 2) return message`must have two labels at least, like "lab.example.org"`;
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) {
    return message`must be a host name, not an IP address: its last label is a number; like "lab.example.org"`;
  }
  const zone = (zones: readonly string[]) => zones.find((own) => ascii === own || ascii.endsWith(`.${own}`));
  const own = zone(ownZones);
  if (own !== undefined)
    return message`must not lie in ${own}, which Alfa Cloud uses itself, but be a name like "lab.example.org"`;
  const dead = zone(deadZones);
  return dead === undefined
    ? null
    : message`must not lie in ${dead}, which leads to no host, but be a name like "lab.example.org"`;
};

/** An e-mail address with its domain in ASCII. One that is ASCII already stays as it was written. */
export const asciiEmail = (address: string): string => {
  // eslint-disable-next-line no-control-regex -- ASCII is what is meant
  if (/^[\u0000-\u007f]*$/.test(address)) return address;
  const at = address.lastIndexOf('@') + 1;
  return `${address.slice(0, at)}${asciiDomain(address.slice(at)) ?? address.slice(at)}`;
};

/** A stored e-mail address as people read it. */
export const unicodeEmail = (address: string): string => {
  const at = address.lastIndexOf('@') + 1;
  const domain = address.slice(at);
  const unicode = unicodeDomain(domain.toLowerCase());
  return unicode === domain.toLowerCase() ? address : `${address.slice(0, at)}${unicode}`;
};
