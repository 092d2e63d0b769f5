/** Slugs that no client may have: names of Alfa Cloud's own containers, and host names that mean something else to people and programs. */
const reserved: ReadonlySet<string> = new Set(
  [
    'database proxy network alfa cloud health internal localhost root',
    'www mail api admin app mol static assets cdn status support docs',
    'smtp imap pop pop3 mx webmail autodiscover autoconfig',
    'ns ns1 ns2 dns ftp sftp ssh vpn wpad isatap',
  ].flatMap((line) => line.split(' ')),
);

export const isReservedSlug = (slug: string): boolean => reserved.has(slug);
