/** What the operator may set about the reboot of servers. */
export interface RebootConfig {
  /** Command line for servers over ssh; null: `systemctl reboot`, by `sudo -n` where the user is not root. */
  command: string | null;
  /** Command line for the machine of Alfa Cloud itself; null: that one is not rebooted from here. */
  localCommand: string | null;
  /** Longest wait for the ends of operations that began earlier, ms. */
  drainMs: number;
  /** Longest wait for the machine, and then for its Docker Engine, ms. */
  backMs: number;
}
