/** Longest wait for a connection, s. */
const connectMaxS = 20;

/**
 * The configuration of ssh: nobody's own applies, nobody is asked, and no other host key, key or way of logging in counts than those given.
 * @param places.agent socket of the agent that holds the key; null: no key
 */
export const sshConfig = ({
  knownHosts,
  agent,
}: {
  knownHosts: string;
  agent: string | null;
}): string => `Host *
BatchMode yes
StrictHostKeyChecking yes
UserKnownHostsFile ${path(knownHosts)}
GlobalKnownHostsFile /dev/null
HashKnownHosts no
UpdateHostKeys no
VerifyHostKeyDNS no
User git
IdentityAgent ${agent === null ? 'none' : path(agent)}
IdentityFile none
PreferredAuthentications publickey
ForwardAgent no
ForwardX11 no
ClearAllForwardings yes
PermitLocalCommand no
ProxyCommand none
ControlMaster no
ControlPath none
CanonicalizeHostname no
ConnectTimeout ${connectMaxS}
ServerAliveInterval 15
ServerAliveCountMax 4
LogLevel ERROR
`;

/** `%` begins something that ssh puts in. */
const path = (text: string): string => `"${text.replaceAll('%', '%%')}"`;
