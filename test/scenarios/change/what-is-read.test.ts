/**
 * What the commands read while they run, noted at their ports: whatever of the repository it is, nobody may have taken it
 * for mere documentation, evidence or an expectation of tests. `control-files.test.ts` takes the list from imports; this
 * one is of the paths that are put together at run time.
 */
import { relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Services } from '../../../scripts/contract/context.ts';
import { placeOf, type Place } from '../../../policies/reading/places/places.ts';
import { merge, release, releasedEstate, type Change } from '../change.ts';
import { withKeptSynth } from '../cached-synth.ts';
import type { SmallEstate } from '../small-estate.ts';

const change: Change = { id: 'CHG-2026-0101', edits: [["action: 'log'", "action: 'block'"]] };
/** Made by Sluice itself, never by a pull request: the ignored working folder and the ledger's branch. */
const ours = /^(?:\.sluice\/|releases\/|index\/|\.\.)/;

let estate: SmallEstate;
const read = new Set<string>();

beforeAll(async () => {
  estate = await releasedEstate();
  estate.write('docs/on-call.md', 'Who is called first.\n');
  estate.write('stacks/clients/acme/notes.md', 'For the next shift.\n');
  estate.write('changes/acme/evidence/mail.txt', 'Agreed.\n');
  estate.write('test/golden/stacks/acme-production.txt', 'what a test expects\n');
  merge(estate, change);
});
afterAll(() => estate.remove());

/** The services, with every path that is read by its text noted in `read`. */
function noting(services: Services): Services {
  const { files, git } = services;
  const note = (path: string): void => {
    const inside = path.startsWith('/') ? relative(estate.folder, path) : path;
    if (!ours.test(inside)) {
      read.add(inside);
    }
  };
  return {
    ...services,
    files: {
      ...files,
      readText: async (path, maxBytes) => {
        note(path);
        return files.readText(path, maxBytes);
      },
      readChunks: (path) => {
        note(path);
        return files.readChunks(path);
      },
    },
    git: {
      ...git,
      fileAt: async (ref, path) => {
        note(path);
        return git.fileAt(ref, path);
      },
      filesAt: async (ref, folder, wanted) => {
        const found = await git.filesAt(ref, folder, wanted);
        found.forEach(({ path }) => note(path));
        return found;
      },
    },
  };
}

it('is nothing that counts as read by people or by tests alone', async () => {
  const checked = await estate.sluice(['check', '--base', 'HEAD~1'], {}, (services) =>
    noting(withKeptSynth(services)),
  );
  expect(checked.stdout).toContain('CHG-2026-0101');
  const released = await release(estate, change, { adjust: noting });
  expect([released.exit, released.stderr]).toEqual(['ok', expect.stringContaining('done')]);
  const undone = await estate.sluice(
    ['rollback', 'acme-production', '--reason', 'the old caller is back'],
    {},
    noting,
  );
  expect([undone.exit, undone.stderr]).toEqual(['ok', expect.stringContaining('done')]);

  // The record and the policy show that the notes were taken at all; stack code is read for the lines that findings name.
  expect(new Set([...read].map(placeOf))).toEqual(
    new Set<Place>(['record', 'policy', 'register', 'sharedStack']),
  );
});
