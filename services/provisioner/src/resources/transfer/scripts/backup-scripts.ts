import { scriptExit, type Script } from '../../backup/scripts/script.ts';

/** Parameters: directory, files. Prints an archive of the files. */
export const backupOutScript: Script = {
  name: 'alfa-backup-out',
  text: `set -euo pipefail
directory=$1
shift
cd "$directory" || { echo "There is no directory $directory" >&2; exit ${scriptExit.missing}; }
for file; do [ -f "$file" ] || { echo "There is no file $directory/$file" >&2; exit ${scriptExit.missing}; }; done
tar --create --blocking-factor=128 -- "$@"
`,
};

/**
 * Parameters: directory, then file and SHA-256 in turns. Standard input: an archive of the files. They get their names once each was read again and has its
 * sum.
 */
export const backupInScript: Script = {
  name: 'alfa-backup-in',
  text: `set -euo pipefail
umask 077
cd "$1" || { echo "There is no directory $1" >&2; exit ${scriptExit.noDirectory}; }
shift
rm -rf .coming.*
part=.coming.$$
mkdir "$part"
trap 'rm -rf "$part"' EXIT
tar --extract --directory="$part" --no-same-owner --blocking-factor=128
cat > /dev/null
sync -f "$part"
files=()
while [ $# -gt 0 ]; do
  [ -f "$part/$1" ] || { echo "File $1 has not come" >&2; exit ${scriptExit.damaged}; }
  sum=$(sha256sum < "$part/$1")
  [ "\${sum%% *}" = "$2" ] || { echo "File $1 is not what it was when the backup was made" >&2; exit ${scriptExit.damaged}; }
  files+=("$1")
  shift 2
done
for file in "\${files[@]}"; do mv "$part/$file" "$file"; done
sync -f .
`,
};
