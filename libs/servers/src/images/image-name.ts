/** `repository` and `tag` of a reference without a digest; the tag is `latest` where it names none. */
export const nameParts = (reference: string): { repository: string; tag: string } => {
  const [, repository = reference, tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(reference) ?? [];
  return { repository, tag };
};

/** An image in words: `alfa-client:1.4.0 (3f2a9c01b7d4)`. */
export const imageInWords = (reference: string, imageId: string): string =>
  `${reference} (${imageId.replace(/^sha256:/, '').slice(0, 12)})`;
