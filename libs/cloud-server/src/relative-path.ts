import { message } from '@alfa-cloud/contracts';
import { CloudServerError } from './cloud-server-error.ts';

/**
 * The parts of a path that stays below its root.
 * @throws CloudServerError `path_refused` for an absolute path, an empty, `.` or `..` part, or a control character
 */
export const relativeSegments = (path: string): string[] => {
  const segments = path.split('/');
  const refused = segments.some(
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    (segment) => segment === '' || segment === '.' || segment === '..' || /[\u0000-\u001f\\]/.test(segment),
  );
  if (refused) {
    throw new CloudServerError(
      'final',
      'path_refused',
      message`${JSON.stringify(path)} is not a path below the root directory`,
    );
  }
  return segments;
};
