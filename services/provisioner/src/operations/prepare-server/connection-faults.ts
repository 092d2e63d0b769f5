import {
  isCloudServerError,
  isJumpHostFailure,
  isKeyUnusable,
  whyRootRefused,
  type CloudServerError,
  type KeyFault,
  type ServerAccess,
  type ServerSurvey,
} from '@alfa-cloud/cloud-server';
import {
  message,
  messageTold,
  told,
  wordsOf,
  type Fault,
  type FaultCode,
  type Message,
} from '@alfa-cloud/contracts';
import { errorCode } from '@alfa-cloud/service-kit';

/** Places in the request. */
const connection = '/data/attributes/connection';
export const atHost = `${connection}/host`;
const atKey = `${connection}/privateKey`;
const atPassphrase = `${connection}/passphrase`;
const atUser = `${connection}/username`;

const fault = (code: FaultCode, words: Message, pointer: string): Fault => ({
  code,
  ...told(words),
  pointer,
});

const serverOf = (access: ServerAccess): string => (access.kind === 'local' ? 'local' : access.server);

export const noAnswerInTime = (access: ServerAccess, withinMs: number): Fault =>
  fault(
    'connection_failed',
    message`${serverOf(access)} did not answer within ${withinMs / 1000} s: check address, port and firewall`,
    atHost,
  );

/** Why a connection could not be made, or broke off, and what mends that. */
export const connectionFault = (access: ServerAccess, error: CloudServerError): Fault => {
  if (isJumpHostFailure(error) && access.kind === 'ssh' && access.jump !== null) {
    return atJumpHost(faultOf(access.jump.server, error.atJumpHost));
  }
  return faultOf(serverOf(access), error);
};

/** What is wrong with the login at the jump host stands in the request as that at the server does. */
const atJumpHost = ({ code, pointer = connection, ...said }: Fault): Fault =>
  fault(
    code,
    message`At the jump host: ${messageTold(said)}`,
    pointer.replace(connection, `${connection}/jump`),
  );

const faultOf = (server: string, error: CloudServerError): Fault => {
  if (isKeyUnusable(error)) return keyFaults[error.fault];
  if (error.code === 'host_key_changed')
    return fault('host_key_differs', wordsOf(error), `${connection}/hostKey`);
  if (error.code === 'login_refused') {
    const words = message`${server} does not let this user in with this key: is the user's name right, and does the public key stand in the user's ~/.ssh/authorized_keys?`;
    return fault('login_refused', words, atKey);
  }
  return error.code === 'server_unreachable'
    ? unreachable(server, errorCode(error.cause), error)
    : fault('connection_failed', wordsOf(error), atHost);
};

const unreachable = (server: string, code: string | undefined, error: CloudServerError): Fault => {
  if (code === 'ENOTFOUND')
    return fault('host_unknown', message`No name server knows the host of ${server}`, atHost);
  if (code === 'EAI_AGAIN')
    return fault('host_unknown', message`No name server answers about the host of ${server}`, atHost);
  if (code === 'ECONNREFUSED') {
    const words = message`Nothing listens there (${server}): is the port right, does sshd run?`;
    return fault('connection_failed', words, `${connection}/port`);
  }
  return fault('connection_failed', wordsOf(error), atHost);
};

const keyFaults: Readonly<Record<KeyFault, Fault>> = {
  unreadable: fault(
    'key_unreadable',
    message`This is no private key of OpenSSH or PEM form of type ed25519, ecdsa or rsa`,
    atKey,
  ),
  public: fault('key_unreadable', message`This is the public part of a key: send the private one`, atKey),
  passphrase_missing: fault(
    'passphrase_required',
    message`The private key is protected by a passphrase: send it too`,
    atPassphrase,
  ),
  passphrase_wrong: fault(
    'passphrase_wrong',
    message`The private key does not open with this passphrase`,
    atPassphrase,
  ),
};

/** Why the Docker Engine can't be used, and what mends that; null when it is not the engine that failed. */
export const dockerFault = (
  access: ServerAccess,
  { hasDocker, mayUseDocker, maySudo, hasDockerClient }: ServerSurvey,
  error: unknown,
): Fault | null => {
  if (!isCloudServerError(error) || notOfDocker.has(error.code)) return null;
  const server = serverOf(access);
  if (!hasDocker) {
    const words = message`No Docker Engine runs on ${server}: install it (docker.io or docker-ce), or start it`;
    return fault('docker_missing', words, atHost);
  }
  if (mayUseDocker || access.kind === 'local') {
    return fault('docker_not_answering', message`The Docker Engine of ${server} does not answer`, atHost);
  }
  const { username } = access;
  if (!maySudo) {
    const words = message`${username} is not in group docker and may not use sudo without a password: sudo usermod -aG docker ${username}`;
    return fault('docker_not_allowed', words, atUser);
  }
  if (hasDockerClient) {
    return fault('docker_not_answering', message`The Docker Engine of ${server} does not answer`, atHost);
  }
  const words = message`${username} is not in group docker, and for sudo the program docker is not there: sudo usermod -aG docker ${username}`;
  return fault('docker_not_allowed', words, atUser);
};

/** What says that the connection itself has failed. */
const notOfDocker: ReadonlySet<string> = new Set([
  'server_unreachable',
  'login_refused',
  'host_key_changed',
  'key_unusable',
  'connection_closed',
]);

/** Why Alfa Cloud's directory can't be used, and what mends that. */
export const rootFaults = (access: ServerAccess, survey: ServerSurvey): Fault[] => {
  const refusal = access.kind === 'local' ? null : whyRootRefused(access, survey);
  return refusal === null ? [] : [fault('root_refused', refusal, atUser)];
};
