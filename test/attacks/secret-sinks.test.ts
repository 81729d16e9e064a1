/** A secret of the environment gets out by no way, however it came in and however it is written. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../scripts/adapters/github/connection.ts';
import { secretValues } from '../../scripts/secrets/environment.ts';
import { knownValues } from '../../scripts/secrets/known-values.ts';
import { makeSmallEstate, type SmallEstate } from '../scenarios/small-estate.ts';

const secret = 'mk-Zq7Xw-"quoted"-5f+c0ffee';
const forms = [secret, Buffer.from(`a${secret}`).toString('base64'), encodeURIComponent(secret)];
const held = knownValues([secret]);

let estate: SmallEstate;
beforeAll(() => {
  estate = makeSmallEstate();
});
afterAll(() => {
  estate.remove();
});

describe('H69: what is printed', () => {
  it.each(forms)('holds no secret, here in an error about %s', async (form) => {
    const ended = await estate.sluice(['plan', form, '--base', 'HEAD'], { CLOUDFLARE_API_TOKEN: secret });
    expect(ended.exit).toBe('usage');
    expect(ended.stderr).toContain('[redacted]');
    expect(held.isIn(ended.stdout + ended.stderr)).toBe(false);
  });

  it('is as it was where the text is not a secret', async () => {
    const ended = await estate.sluice(['plan', 'acme-nowhere', '--base', 'HEAD'], {
      CLOUDFLARE_API_TOKEN: secret,
    });
    expect(ended.stderr).toContain('acme-nowhere');
  });
});

describe('H70: what is sent to GitHub', () => {
  it('holds no secret: comments, check runs with their annotations, titles', async () => {
    const bodies: string[] = [];
    const server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        bodies.push(Buffer.concat(chunks).toString('utf8'));
        outgoing.writeHead(201, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { octokit, owner, repo } = connect({
      token: 'ghs_of-the-app',
      repository: 'acme/estate',
      baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      secrets: held,
      appId: null,
      retryUnitMs: 1,
    });
    const text = `before ${forms.join(' ')} after`;
    const at = { owner, repo };
    await octokit.rest.issues.createComment({ ...at, issue_number: 1, body: text });
    await octokit.rest.pulls.create({ ...at, head: 'a', base: 'main', title: text, body: text });
    const annotation = { path: 'a.yaml', start_line: 1, end_line: 1, annotation_level: 'failure' as const };
    await octokit.rest.checks.create({
      ...at,
      name: 'sluice',
      head_sha: 'a'.repeat(40),
      output: { title: text, summary: text, annotations: [{ ...annotation, message: text }] },
    });
    server.close();
    expect(bodies).toHaveLength(3);
    const sent = bodies.map((body) => JSON.stringify(JSON.parse(body)));
    expect(sent.filter((body) => held.isIn(body))).toEqual([]);
    expect(sent.join('\n').split('[redacted]')).toHaveLength(1 + 6 * forms.length);
    expect(sent.join('\n').split('before ')).toHaveLength(1 + 6);
  });
});

describe('H71: what the ledger keeps', () => {
  it('never is a bundle with a secret in it, and nothing was applied', async () => {
    const copy = estate.copy();
    const content = JSON.stringify(secret)
      .slice(1, -1)
      .replaceAll("'", String.raw`\'`);
    copy.write(
      'stacks/estate.ts',
      copy.read('stacks/estate.ts').replace("description: 'Old API'", `description: '${content}'`),
    );
    copy.git('commit', '--quiet', '--all', '--message', 'A secret in a description');
    // The folder for the state is made, and stays empty.
    const changed = (): string => copy.fingerprint().replace(/.*\.keep\n/, '');
    const before = changed();
    const refused = await copy.sluice(['baseline', 'acme-production', '--reason', 'first release'], {
      AWS_SECRET_ACCESS_KEY: secret,
    });
    expect(refused.exit).toBe('denied');
    expect(refused.stderr).toContain('bundle.tf.json');
    expect(held.isIn(refused.stdout + refused.stderr)).toBe(false);
    expect(changed()).toBe(before);
    const honest = await copy.sluice(['baseline', 'acme-production', '--reason', 'first release']);
    expect(honest.exit).toBe('ok');
    copy.remove();
  });
});

describe('H72: which variables are secrets', () => {
  it('is told by their names', () => {
    const secretOnes = {
      CLOUDFLARE_API_TOKEN: 'a1',
      AWS_SECRET_ACCESS_KEY: 'a2',
      AWS_ACCESS_KEY_ID: 'a3',
      SLUICE_LEDGER_KEY: 'a4',
      SLUICE_GITHUB_TOKEN: 'a5',
      DB_PASSWORD: 'a6',
    };
    const others = {
      PATH: '/bin',
      HOME: '/root',
      GITHUB_REPOSITORY: 'a/b',
      SSH_AUTH_SOCK: '/x',
      EMPTY_TOKEN: '',
    };
    expect(secretValues({ ...secretOnes, ...others, UNSET_TOKEN: undefined })).toEqual(
      Object.values(secretOnes),
    );
  });
});
