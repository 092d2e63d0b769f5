import { execInContainer, type DockerEngine } from '@alfa-cloud/testing';

/** A mail server on a machine, which takes every mail from what runs there. */
export interface MailTrap {
  /** How many mails have come. */
  count(): Promise<number>;
  dispose(): Promise<void>;
}

const mailPort = 2525;

const name = 'mail-trap';

/** Answers each line as a mail server does, and prints a line for each mail. */
const program = `$server = stream_socket_server('tcp://0.0.0.0:${mailPort}');
while ($caller = stream_socket_accept($server, -1)) {
  fwrite($caller, "220 trap\\r\\n");
  $isText = false;
  while (($line = fgets($caller)) !== false) {
    $line = rtrim($line, "\\r\\n");
    if ($isText && $line !== '.') continue;
    if ($isText) { $isText = false; file_put_contents('/tmp/mails', "mail\\n", FILE_APPEND); fwrite($caller, "250 taken\\r\\n"); }
    elseif ($line === 'DATA') { $isText = true; fwrite($caller, "354 go on\\r\\n"); }
    elseif ($line === 'QUIT') { fwrite($caller, "221 bye\\r\\n"); break; }
    else fwrite($caller, "250 ok\\r\\n");
  }
  fclose($caller);
}`;

/** @param image with PHP */
export const startMailTrap = async ({ docker }: DockerEngine, image: string): Promise<MailTrap> => {
  const container = await docker.createContainer({
    name,
    Image: image,
    Entrypoint: ['php', '-r', program],
    Cmd: [],
    HostConfig: { NetworkMode: 'host' },
  });
  await container.start();
  return {
    async count() {
      const { stdout } = await execInContainer(docker, name, [
        'sh',
        '-c',
        'cat /tmp/mails 2> /dev/null | wc -l',
      ]);
      return Number(stdout);
    },
    dispose: () => container.remove({ force: true }),
  };
};
