import { message } from '@alfa-cloud/contracts';
import { CloudServerError } from '../cloud-server-error.ts';

export interface RebootRequest {
  /** The boot id that the server had when the reboot was decided: one with another boot id has been started anew already. */
  bootId: string;
  /** Command line for the server's shell. Null: `systemctl reboot`, by `sudo -n` where the user is not root. */
  command: string | null;
}

/** Longest time that the command may take, ms: it asks for the reboot and does not wait for it. */
export const rebootCommandMs = 30_000;

/**
 * The boot id is compared on the server itself: between a question and the command the machine may have been started anew, and would be once
 * more. Hang-ups are ignored, so that the end of the session under which it was asked for does not end the command.
 */
const script = `
if [ "$(cat /proc/sys/kernel/random/boot_id)" != "$1" ]; then exit 0; fi
trap '' HUP PIPE
if [ -n "$2" ]; then exec /bin/sh -c "$2"; fi
if [ "$(id -u)" = 0 ]; then exec systemctl reboot; fi
exec sudo -n systemctl reboot
`;

/** The program to run on the server. */
export const rebootArgv = ({ bootId, command }: RebootRequest): string[] => [
  '/bin/sh',
  '-c',
  script,
  'sh',
  bootId,
  command ?? '',
];

const wordsMax = 500;

export const rebootRefused = (exitCode: number, output: string): CloudServerError => {
  const said = output.trim().slice(-wordsMax);
  return new CloudServerError(
    'final',
    'reboot_refused',
    said === ''
      ? message`The command for the reboot ended with exit code ${exitCode}`
      : message`The command for the reboot ended with exit code ${exitCode}: ${said}`,
  );
};
