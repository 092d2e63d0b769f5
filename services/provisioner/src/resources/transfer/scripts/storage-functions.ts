/** Where the scripts keep what they have listed and counted, in the container of the transfer. */
export const workDirectory = '/tmp/alfa';

/** Options of `tar` for all that a file is besides its content. SELinux's labels belong to the server, not to the client. */
const attributes = `--xattrs --xattrs-include='user.*' --xattrs-include=security.capability --acls`;

/** Times keep their nanoseconds in this form only, and names and numbers have no limits in it. */
const archive = `--create --format=pax --pax-option=delete=atime,delete=ctime --numeric-owner --one-file-system ${attributes}`;

/**
 * Functions that the scripts of the storage share; \`$1\` is the directory of the storage. A list consists of records that end with a zero byte,
 * \`path//what it is\`, sorted by bytes: no path that \`find\` prints has two slashes in a row, so whatever a name holds, a record is read
 * in one way only. Equal lists are equal storages, but for the contents of files with the same size and time.
 */
export const storageFunctions = `set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 077
work=${workDirectory} pass=\${2-}
stop() { echo "$2" >&2; exit "$1"; }
mkdir -p "$work"
cd "$1"
sorted() { sort -z -S 64M -T "$work" "$@"; }
# In the first pass the client is at work, and its files come and go.
unless_first() { [ "$pass" = first ]; }
look() { find . -xdev "$@" || unless_first; }
# Lines of tar about files with attributes: the attribute, then the file.
attribute_lines() {
  tar --create --file=/dev/null -vvv --sort=name --numeric-owner --one-file-system --quoting-style=escape ${attributes} . 2> /dev/null | sed -n '/^  [a-z]: /{G;p;b};h'
}
attributes() {
  local attribute line columns='^[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ [^ ]+ (.*)$'
  { attribute_lines || unless_first; } | sed 's/\\\\\\\\/\\x01/g; s/\\\\\\([0-7][0-7][0-7]\\)/\\\\0\\1/g; s/\\x01/\\\\0134/g' |
    while IFS= read -r attribute && IFS= read -r line; do
      [[ $line =~ $columns ]] && printf '%b//@%s\\0' "\${BASH_REMATCH[1]%/}" "$attribute"
    done
}
# Files with several names: each name with the first of them.
links() {
  local record inode='' leader=''
  look ! -type d -links +1 -printf '%i %p\\0' | sorted | while IFS= read -r -d '' record; do
    [ "\${record%% *}" = "$inode" ] || { inode=\${record%% *} leader=\${record#* }; }
    printf '%s//=%s\\0' "\${record#* }" "$leader"
  done
}
entries() {
  {
    look \\( -type d -printf '%p//d %m %U %G %T@\\0' -o -type l -printf '%p//l %U %G %T@ %n %l\\0' -o -printf '%p//%y %m %U %G %s %T@ %n\\0' \\)
    links
    attributes
    printf '//end\\0'
  } | sorted
}
paths() { sed -z 's|//.*||'; }
archived() { tar ${archive} "$@"; }
`;

/** \`tar\` that makes what \`archived\` has packed. What is there under a file's name is replaced, never written into. */
export const unpack = `tar --extract --numeric-owner --same-owner --preserve-permissions --delay-directory-restore ${attributes}`;
