import { isCloudServerError, type CallOptions, type ServerFiles } from '@alfa-cloud/cloud-server';

/** The text of a file; null when there is none, or when it is something else than a file. */
export const readFile = async (
  files: ServerFiles,
  path: string,
  options: CallOptions,
): Promise<string | null> => {
  try {
    return await files.read(path, options);
  } catch (error) {
    if (isCloudServerError(error) && error.kind === 'final') return null;
    throw error;
  }
};
