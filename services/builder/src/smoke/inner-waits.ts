/**
 * Scripts that wait inside the database's container, whose image has bash: each look from outside would be a new command there, which costs more
 * than what it asks. Each ends soon, with or without success, so that whoever waits can look whether the containers still run.
 */

/**
 * Ends with 0 when the database answers that stays. The image's entry point first runs a server without a network, which sets the password and is
 * shut down: who takes it for the database loses the connection a moment later.
 */
export const untilDatabaseStays = `for look in {1..20}; do
  [ "$(mariadb --user=root --batch --skip-column-names --execute='SELECT @@skip_networking' 2>/dev/null)" = 0 ] && exit
  sleep 0.1
done
exit 1`;

/** Prints the last status of `/healthz` as soon as that is 200; nothing without an answer. */
export const untilHealthz = (host: string, port: number): string => `for look in {1..10}; do
  status=
  { exec 3<>/dev/tcp/${host}/${port} &&
    printf 'GET /healthz HTTP/1.0\\r\\nHost: ${host}\\r\\n\\r\\n' >&3 &&
    read -r _ status _ <&3; } 2>/dev/null
  [ "$status" = 200 ] && break
  sleep 0.1
done
printf '%s' "$status"`;

/** Runs such a script, which a service that accepts and says nothing does not keep. */
export const waitInside = (script: string): string[] => ['timeout', '10', 'bash', '-c', script];
