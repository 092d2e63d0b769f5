export interface SmtpConfig {
  host: string;
  port: number;
  /** `tls`: encrypted from the first byte. `required`: by STARTTLS, or not at all. `opportunistic`: where the server offers it, whoever it is. `off`: never. */
  encryption: 'tls' | 'required' | 'opportunistic' | 'off';
  /** Certificates to trust instead of the system's, PEM. */
  ca?: string;
  credentials?: { user: string; password: string };
  dkim?: { domain: string; selector: string; privateKey: string };
  /** Most mails a minute. */
  perMinute: number;
  /** Connections at the same time. */
  connections: number;
  /** From the begin of a hand-over to its end, ms. */
  deadlineMs: number;
}
