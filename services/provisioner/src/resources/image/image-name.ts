/** `repository` and `tag` of a reference without a digest; the tag is `latest` where it names none. */
export const nameParts = (reference: string): { repository: string; tag: string } => {
  const [, repository = reference, tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(reference) ?? [];
  return { repository, tag };
};
