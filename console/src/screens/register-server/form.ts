/** How to log in on a host, as it is typed. */
export interface LoginForm {
  host: string;
  port: string;
  username: string;
  keyKind: 'made' | 'pasted';
  keyId: string;
  privateKey: string;
  passphrase: string;
  hostKey: string;
}

export interface ServerForm {
  name: string;
  domain: string;
  role: string;
  capacity: string;
  httpPort: string;
  httpsPort: string;
  uploadMb: string;
  requestTimeoutS: string;
  kind: 'local' | 'ssh';
  login: LoginForm;
  hasJump: boolean;
  jump: LoginForm;
}

const emptyLogin = (): LoginForm => ({
  host: '',
  port: '22',
  username: '',
  keyKind: 'made',
  keyId: '',
  privateKey: '',
  passphrase: '',
  hostKey: '',
});

export const emptyForm = (): ServerForm => ({
  name: '',
  domain: '',
  role: 'production',
  capacity: '100',
  httpPort: '80',
  httpsPort: '',
  uploadMb: '',
  requestTimeoutS: '',
  kind: 'ssh',
  login: emptyLogin(),
  hasJump: false,
  jump: emptyLogin(),
});

/** A value only where something was typed, so that the API says what is missing. */
const given = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));

const numberOf = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text));

const loginOf = (form: LoginForm): Record<string, unknown> =>
  given({
    host: form.host.trim(),
    port: numberOf(form.port),
    username: form.username.trim(),
    ...(form.keyKind === 'made'
      ? { keyId: form.keyId }
      : {
          // A key without a line break at its end is none to OpenSSH.
          privateKey: form.privateKey.trim() === '' ? '' : `${form.privateKey.trim()}\n`,
          passphrase: form.passphrase,
        }),
    hostKey: form.hostKey.trim(),
  });

/** Undefined where nothing was typed: the defaults are the API's. */
const limitsOf = (form: ServerForm): Record<string, unknown> | undefined => {
  const limits = given({
    uploadMb: numberOf(form.uploadMb),
    requestTimeoutS: numberOf(form.requestTimeoutS),
  });
  return Object.keys(limits).length === 0 ? undefined : limits;
};

/** Attributes of a new server. */
export const attributesOf = (form: ServerForm): Record<string, unknown> =>
  given({
    name: form.name.trim(),
    domain: form.domain.trim(),
    role: form.role,
    capacity: given({ clients: numberOf(form.capacity) }),
    proxy: given({ httpPort: numberOf(form.httpPort), httpsPort: numberOf(form.httpsPort) }),
    limits: limitsOf(form),
    connection:
      form.kind === 'local'
        ? { kind: 'local' }
        : { kind: 'ssh', ...loginOf(form.login), ...(form.hasJump && { jump: loginOf(form.jump) }) },
  });
