#!/bin/sh
# What Playwright starts in Chromium's place: Chromium in a network of its own. It ends with its group, as Chromium does.
exec unshare --net "$ALFA_BROWSER_NODE" --no-warnings "$(dirname "$0")/apart.ts" "$@"
