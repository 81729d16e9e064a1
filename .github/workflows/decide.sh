#!/usr/bin/env bash
# The step "Decide and publish" of gate.yml, in a shell that has no token in its environment: the tokens come on file
# descriptor 3 and go to Sluice. A verdict of deny or undetermined is published, and so a success of the job; anything
# else is a failure of it.
set -euo pipefail
mkdir -p .sluice
status=0
node scripts/launch.mjs gate --pr "${PR}" --ci-bundles --publish --save-facts .sluice/facts.json --save-plan .sluice/plan.json --format markdown >.sluice/decision.md || status=$?
head -c 900000 .sluice/decision.md >>"${GITHUB_STEP_SUMMARY}"
echo "status=${status}" >>"${GITHUB_OUTPUT}"
case "${status}" in
  0 | 4 | 5) ;;
  *) exit "${status}" ;;
esac
