import { type Script } from '../../backup/scripts/script.ts';
import { storageFunctions } from './storage-functions.ts';

/**
 * Parameters: storage. Prints \`obstacle<TAB>kind<TAB>name\` for each of the first files that can not be brought to another server, and at last
 * \`files\` and \`bytes\`.
 */
export const measureScript: Script = {
  name: 'alfa-measure',
  text: `${storageFunctions}pass=first
look \\( -type s -printf 'socket\\t%p\\0' -o -type b -printf 'device\\t%p\\0' -o -type c -printf 'device\\t%p\\0' \\) | head -z -n 20 |
  while IFS=$'\\t' read -r -d '' kind path; do printf 'obstacle\\t%s\\t%q\\n' "$kind" "$path"; done
look ! -type d -printf '%s\\n' | { files=0 bytes=0; while read -r size; do files=$((files + 1)) bytes=$((bytes + size)); done; echo "files=$files bytes=$bytes"; }
`,
};
