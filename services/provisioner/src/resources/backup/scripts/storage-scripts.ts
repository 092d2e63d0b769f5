import { scriptExit, type Script } from './script.ts';

/** Parameters: directory, storage. Prints `bytes`, `sha256`, `files`. A file that changes meanwhile is packed as it was read. */
export const packScript: Script = {
  name: 'alfa-pack',
  text: `set -euo pipefail
umask 077
directory=$1 storage=$2
stop() { echo "$2" >&2; exit "$1"; }
file=$directory/storage.tar.gz part=$directory/storage.tar.gz.partial
[ -d "$directory" ] || stop ${scriptExit.noDirectory} "There is no directory $directory"
trap 'rm -f "$part"' EXIT
rm -f "$file" "$part"
sum=$({ tar --create --numeric-owner --one-file-system --directory="$storage" . || [ $? -eq 1 ]; } | gzip -3 | tee "$part" | sha256sum)
sum=\${sum%% *}
sync "$part"
again=$(sha256sum < "$part")
[ "\${again%% *}" = "$sum" ] || stop ${scriptExit.damaged} 'What was read again is not what was written'
files=$(gzip -dc "$part" | tar --list | { grep -vc '/$' || true; })
mv "$part" "$file"
sync "$file" "$directory"
echo "bytes=$(stat -c %s "$file") sha256=$sum files=$files"
`,
};

/** Parameters: directory, storage, SHA-256, files. Replaces the storage by the packed one. */
export const unpackScript: Script = {
  name: 'alfa-unpack',
  text: `set -euo pipefail
directory=$1 storage=$2 sum=$3 expected=$4
stop() { echo "$2" >&2; exit "$1"; }
file=$directory/storage.tar.gz
[ -f "$file" ] || stop ${scriptExit.missing} "There is no file $file"
found=$(sha256sum < "$file")
[ "\${found%% *}" = "$sum" ] || stop ${scriptExit.damaged} 'The archive of the storage is not what it was when it was made'
gzip -dc "$file" | tar --list > /dev/null || stop ${scriptExit.damaged} 'The archive of the storage can not be unpacked'
find "$storage" -mindepth 1 -delete
gzip -dc "$file" | tar --extract --numeric-owner --same-owner --preserve-permissions --directory="$storage"
files=$(find "$storage" -mindepth 1 ! -type d -printf x | wc -c)
[ "$files" = "$expected" ] || stop ${scriptExit.differs} "The storage has $files files and the backup $expected"
echo "files=$files"
`,
};
