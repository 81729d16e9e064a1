#!/usr/bin/env bash
# The step "Decide for this moment" of release.yml, in a shell that has no token in its environment: the tokens come on file
# descriptor 3 and go to the first program. A change that only has to wait for its slot is no failure: nothing is released
# now, and due.yml starts the release when the slot opens. Any other denial is one.
set -euo pipefail
mkdir -p .sluice
status=0
node scripts/launch.mjs gate --pr "${PR}" --moment apply --ci-bundles --save-facts .sluice/facts.json --format markdown >.sluice/decision.md || status=$?
if [[ "${status}" != 4 ]]; then
  exit "${status}"
fi
# What was decided, once more from the same facts: asks nobody.
exec 3<&-
unset SLUICE_SECRETS_FD
node scripts/launch.mjs gate --facts .sluice/facts.json --format json >.sluice/decision.json || true
# Of a change of several clients some may be released while the windows of others are shut.
if jq --exit-status '.releasable.stacks // [] | length > 0' .sluice/decision.json >/dev/null; then
  echo "::notice::Not every client's window is open: $(jq --raw-output '.releasable.waiting | map(.stack) | join(", ")' .sluice/decision.json) later."
  exit 0
fi
node scripts/launch.mjs due --format json >.sluice/due.json
if ! jq --exit-status '[.checks[] | select(.verdict != "allow") | .id] == ["window"]' .sluice/decision.json >/dev/null; then
  exit "${status}"
fi
opens="$(jq --raw-output --slurpfile decision .sluice/decision.json '.changes[] | select(.id == $decision[0].changeId and .when == "later") | .start' .sluice/due.json)"
if [[ ! "${opens}" =~ ^[0-9TZ:.-]+$ ]]; then
  exit "${status}"
fi
echo "::notice::Waits until ${opens}. Nothing is released now; the workflow due starts this again then."
echo "waits=true" >>"${GITHUB_OUTPUT}"
