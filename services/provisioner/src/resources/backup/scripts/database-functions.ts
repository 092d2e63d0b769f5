/** A server that was started with less would close the connection in the middle of a large row. Counts for connections made from now on. */
const widenSql = 'SET GLOBAL max_allowed_packet = GREATEST(@@GLOBAL.max_allowed_packet, 1073741824);';

/** Prints the number of tables. */
const tablesSql = `SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED');`;

/** Prints the number of rows of the table \`migrations\`; -1 without that table. */
const migrationsSql = `SET @counted = IF(
  EXISTS(SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'migrations' AND TABLE_TYPE <> 'VIEW'),
  'SELECT COUNT(*) FROM migrations', 'SELECT -1');
PREPARE counted FROM @counted;
EXECUTE counted;`;

/** Prints all that is no table. mysql.proc, since information_schema.ROUTINES leaves out what it can not read. */
const objectsSql = `SELECT 'view', TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'VIEW';
SELECT 'sequence', TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'SEQUENCE';
SELECT 'trigger', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE();
SELECT LOWER(type), name FROM mysql.proc WHERE db = DATABASE();
SELECT 'event', name FROM mysql.event WHERE db = DATABASE();`;

/**
 * Functions that dump and load share. Each start of the client costs as much as a hundred statements, so what is asked at one moment is asked by one.
 * They read the variables `database` and `config` (the option file). A row of a list is `kind<TAB>name`
 * as the client prints it, with control characters and backslashes escaped. Names with one of those are left to `mariadb-dump` alone, since
 * they are rare.
 */
export const databaseFunctions = `set -euo pipefail
shopt -s inherit_errexit
umask 077
tick=$'\\x60' tab=$'\\t'
stop() { echo "$2" >&2; exit "$1"; }
client() {
  mariadb --defaults-extra-file="$config" --default-character-set=utf8mb4 --max-allowed-packet=1G --batch --skip-column-names "$@"
}
widen() {
  client <<'SQL'
${widenSql}
SQL
}
sum_of() { local sum; sum=$(sha256sum < "$1"); echo "\${sum%% *}"; }
# A line with the number of tables, then the objects.
tables_and_objects() {
  client "$database" <<'SQL'
${widenSql}
${tablesSql}
${objectsSql}
SQL
}
# A line with the number of tables, one with that of the migrations.
tables_and_migrations() {
  client "$database" <<'SQL'
${tablesSql}
${migrationsSql}
SQL
}
objects() {
  client "$database" <<'SQL' | LC_ALL=C sort
${objectsSql}
SQL
}
quoted() { printf '%s' "$tick\${1//$tick/$tick$tick}$tick"; }
# Rows of objects on standard input; those that do not work on standard output, with a third column that says why.
faulty() {
  local kind name row type why checks='' shows='' said line
  local -a others=()
  local -A told=()
  while IFS=$tab read -r kind name; do
    case "$kind:$name" in
      : | *\\\\* | sequence:*) ;;
      view:*) checks+="CHECK TABLE $(quoted "$name");"$'\\n' ;;
      *) others+=("$kind$tab$name") shows+="SHOW CREATE \${kind^^} $(quoted "$name");"$'\\n' ;;
    esac
  done
  said=''
  [ -z "$checks" ] || said=$(client --force "$database" <<< "$checks")
  while IFS=$tab read -r row _ type why; do
    name=\${row#"$database".}
    [ "\${type,,}" = error ] && [ -z "\${told[$name]-}" ] || continue
    told[$name]=yes
    printf 'view\\t%s\\t%s\\n' "$name" "\${why//$tab/ }"
  done <<< "$said"
  said=''
  [ -z "$shows" ] || said=$(client --force "$database" <<< "$shows" 2>&1 > /dev/null)
  while read -r line; do
    [[ $line =~ ^ERROR\\ [0-9]+\\ [^:]*at\\ line\\ ([0-9]+):\\ (.*)$ ]] || continue
    printf '%s\\t%s\\n' "\${others[BASH_REMATCH[1] - 1]}" "\${BASH_REMATCH[2]//$tab/ }"
  done <<< "$said"
}
`;

/**
 * Line between the two parts of a dump: the tables, which must all be restored, and the other objects, which are restored as far as possible.
 */
export const restMark = '-- Alfa Cloud: views, triggers, routines and events';

/** Last line of a dump. */
export const endMark = '-- Alfa Cloud: end of the dump';

/** First line of a dump in two parts; older dumps have one part. */
export const firstLine = '-- Alfa Cloud: a dump of two parts';
