import type { CallOptions } from '../call-options.ts';
import { isCloudServerError } from '../cloud-server-error.ts';
import { rebootArgv, rebootCommandMs, rebootRefused, type RebootRequest } from '../reboot/reboot-request.ts';
import type { Commands } from './commands.ts';

/** The machine goes down under its own command: a lost command, or one that never ends, may well have been heard. */
const isPerhapsHeard = (error: unknown): boolean =>
  isCloudServerError(error) && (error.code === 'command_lost' || error.code === 'deadline_exceeded');

/** @param connect makes the connection when there is none: what fails there was not heard */
export const rebootOverSsh =
  (connect: (options: CallOptions) => Promise<unknown>, commands: Commands) =>
  async (request: RebootRequest, options: CallOptions = {}): Promise<void> => {
    await connect(options);
    try {
      const argv = rebootArgv(request);
      const { exitCode, stdout, stderr } = await commands.run(
        { argv },
        { deadlineMs: rebootCommandMs, ...options },
      );
      if (exitCode !== 0) throw rebootRefused(exitCode, stderr || stdout);
    } catch (error) {
      if (options.signal?.aborted === true || !isPerhapsHeard(error)) throw error;
    }
  };
