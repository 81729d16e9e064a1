/**
 * Forms that only credentials have: a vendor's prefix and enough characters behind it that prose never matches, a private
 * key, a token that says what it is, a password inside an address. Public material that merely looks random (DKIM keys,
 * verification records, certificates, ids, expressions) has none of them and stays readable.
 *
 * Sources: the vendors' own documentation of their token formats, and GitHub's list of supported secret scanning patterns
 * (2026-11). Every form is bounded or has no nested repetition, so that no text makes the search slow.
 */

interface CredentialForm {
  /** As a person calls it. */
  readonly vendor: string;
  readonly pattern: RegExp;
  /** Something that every text of this form contains: one cheap search settles that an ordinary value is none of them. */
  readonly hint: string;
}

/** With `g`, for replacing; whoever only asks uses `search`, which does not care. */
const forms: readonly CredentialForm[] = [
  { vendor: 'GitHub', pattern: /\bgh[pousr]_[A-Za-z0-9]{20,}/g, hint: 'gh[pousr]_' },
  { vendor: 'GitHub', pattern: /\bgithub_pat_[A-Za-z0-9_]{20,}/g, hint: 'github_pat_' },
  {
    vendor: 'GitLab',
    pattern: /\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|oas|soat|agent)-[\w-]{20,}/g,
    hint: 'gl[a-z]+-',
  },
  { vendor: 'Slack', pattern: /\bxox[abeoprs](?:\.xox[bp])?-[\w-]{10,}/g, hint: 'xox' },
  { vendor: 'Slack', pattern: /\bxapp-\d-[\w-]{20,}/g, hint: 'xapp-' },
  {
    vendor: 'Slack',
    pattern: /\bhttps:\/\/hooks\.slack\.com\/services\/T\w{6,20}\/B\w{6,20}\/\w{16,}/g,
    hint: String.raw`hooks\.slack`,
  },
  { vendor: 'AWS', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, hint: 'A[KS]IA' },
  { vendor: 'Google', pattern: /\bAIza[\w-]{35,}/g, hint: 'AIza' },
  { vendor: 'Google', pattern: /\bya29\.[\w-]{20,}/g, hint: String.raw`ya29\.` },
  { vendor: 'Google', pattern: /\bGOCSPX-[\w-]{20,}/g, hint: 'GOCSPX-' },
  { vendor: 'Stripe', pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g, hint: 'k_(?:live|test)_' },
  { vendor: 'Stripe', pattern: /\bwhsec_[A-Za-z0-9+/]{24,}/g, hint: 'whsec_' },
  { vendor: 'npm', pattern: /\bnpm_[A-Za-z0-9]{36,}/g, hint: 'npm_' },
  { vendor: 'PyPI', pattern: /\bpypi-AgE[\w-]{50,}/g, hint: 'pypi-AgE' },
  { vendor: 'SendGrid', pattern: /\bSG\.[\w-]{16,32}\.[\w-]{16,64}/g, hint: String.raw`SG\.` },
  { vendor: 'DigitalOcean', pattern: /\bdo[opr]_v1_[a-f0-9]{64}/g, hint: 'do[opr]_v1_' },
  { vendor: 'Vault', pattern: /\bhv[sbr]\.[\w-]{24,}/g, hint: String.raw`hv[sbr]\.` },
  { vendor: 'age', pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]{50,}/gi, hint: 'AGE-SECRET' },
  // Global API keys, API tokens and account tokens of the present form, and origin CA keys.
  { vendor: 'Cloudflare', pattern: /\bcf(?:k|ut|at)_[A-Za-z0-9]{32,}/g, hint: 'cf(?:k|ut|at)_' },
  { vendor: 'Cloudflare', pattern: /\bv1\.0-[a-f0-9]{24}-[a-f0-9]{64,}/g, hint: String.raw`v1\.0-` },
  // Base64url of `{"`, as the header of a JSON Web Token begins (RFC 7519), then its payload.
  { vendor: 'JSON Web Token', pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){0,3}/g, hint: 'eyJ' },
  { vendor: 'bearer token', pattern: /(?<=\bbearer\s{1,8})[\w.~+/-]{20,}=*/gi, hint: 'bearer' },
];

/** The password of an address such as `postgres://app:PASSWORD@db`; the address around it may be shown. */
const passwordInAddress = /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@:]{0,200}:)[^\s/@]{3,200}(?=@[^\s/@])/gi;

const privateKey = /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/;

const hint = new RegExp(
  [...new Set([...forms.map((form) => form.hint), '-----BEGIN', '://'])].join('|'),
  'i',
);

/** Who gives out credentials of the form that stands in the text; null for a text without any. */
export function credentialIn(text: string): string | null {
  if (!hint.test(text)) {
    return null;
  }
  if (privateKey.test(text)) {
    return 'private key';
  }
  const form = forms.find(({ pattern }) => text.search(pattern) >= 0);
  return form?.vendor ?? (text.search(passwordInAddress) >= 0 ? 'password in an address' : null);
}

/**
 * The text with every credential in it replaced. A private key of several lines is for `lineRedactor`, which knows where it
 * ends; here the rest of the text behind its first line goes.
 */
export function withoutCredentials(text: string, mask: string): string {
  if (!hint.test(text)) {
    return text;
  }
  const replaced = [...forms.map(({ pattern }) => pattern), passwordInAddress].reduce(
    (rest, pattern) => rest.replace(pattern, mask),
    text,
  );
  const key = replaced.search(privateKey);
  return key < 0 ? replaced : `${replaced.slice(0, key)}${mask}`;
}

/** One unbroken run of forty and more characters of both cases and digits, as generated keys are. Git names and digests have one case. */
const randomRun =
  /(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{40,512}(?![A-Za-z0-9_-])/g;
/** As above with the rest of base64's alphabet; not the digests in names of assets. In texts without paths of files. */
const randomBase64 =
  /(?<![\w+/=-])(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*\d)[\w+/=-]{40,}(?![\w+/=.-])/g;

/** For logs, where a path must stay readable: a run with a slash in it stays. */
export function withoutRandomRuns(text: string, mask: string): string {
  return text.length < 40 ? text : text.replaceAll(randomRun, mask);
}

/** For recorded requests, where nothing is lost when a long path goes. */
export function withoutRandomBase64(text: string, mask: string): string {
  return text.length < 40 ? text : text.replaceAll(randomBase64, mask);
}

/** For diagnostics, where nothing is lost when a value is not quoted: long, unbroken, letters mixed with digits. */
export function looksRandom(text: string): boolean {
  return (text.match(/[A-Za-z0-9+=_-]{24,}/g) ?? []).some(
    (run) => (run.match(/[0-9]/g) ?? []).length >= 4 && (run.match(/[A-Za-z]/g) ?? []).length >= 4,
  );
}
