import type { RedactPreset, RedactRule } from './options';

/** A regular expression, and the text that replaces each of its matches, with Go's references to groups. */
export interface Replacement {
  readonly pattern: string;
  readonly replacement: string;
}

export const REDACTED = '<redacted>';

/** Names of fields with credentials, as they are written before `=` or `:`. */
const KEYS = [
  ...['passw(?:or)?d', 'passwd', 'pwd', 'passphrase', 'secret', 'token', 'api[_-]?key', 'access[_-]?key'],
  ...['private[_-]?key', 'credentials?', 'client[_-]?secret', 'session[_-]?id'],
].join('|');

/** The name of a field up to its value, in logfmt, JSON, JSON in a JSON string, or a URL. */
const FIELD = String.raw`[\w.-]*(?:${KEYS})\\?["']?\s*[=:]\s*`;

const PRESETS: Readonly<Record<RedactPreset, readonly Replacement[]>> = {
  credentials: [
    // A private key, also one whose lines arrived as one entry or with escaped line breaks.
    {
      pattern: '-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?',
      replacement: REDACTED,
    },
    // Authorization: Bearer …
    { pattern: String.raw`(?i)\b(basic|bearer) +[\w.~+/-]{8,}=*`, replacement: `\${1} ${REDACTED}` },
    // password in a URL
    { pattern: String.raw`(\b[a-zA-Z][\w+.-]*://[^\s/:@]*):[^\s/@]+@`, replacement: `\${1}:${REDACTED}@` },
    // "password": "…", the same inside a JSON string, 'password': '…', and password=…
    { pattern: String.raw`(?i)(${FIELD}")(?:[^"\\]|\\.)+`, replacement: `\${1}${REDACTED}` },
    { pattern: String.raw`(?i)(${FIELD}\\")[^"\\]+`, replacement: `\${1}${REDACTED}` },
    { pattern: String.raw`(?i)(${FIELD}')(?:[^'\\]|\\.)+`, replacement: `\${1}${REDACTED}` },
    { pattern: String.raw`(?i)(${FIELD})[^\s"'\\,;&<>(){}\[\]]+`, replacement: `\${1}${REDACTED}` },
    // JSON Web Tokens, and tokens of AWS, GitHub, GitLab, Slack, Google and Stripe.
    { pattern: String.raw`\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`, replacement: REDACTED },
    {
      pattern: String.raw`\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[a-z]-[\w-]{10,}|AIza[\w-]{35}|[rs]k_live_\w{16,})`,
      replacement: REDACTED,
    },
    { pattern: String.raw`(hooks\.slack\.com/services/)[\w/]+`, replacement: `\${1}${REDACTED}` },
  ],
  emails: [
    {
      pattern: String.raw`[\w.%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`,
      replacement: REDACTED,
    },
  ],
};

/** Returns the replacements of a rule, in their order. */
export function replacements({ preset, pattern = '', replacement = REDACTED }: RedactRule): readonly Replacement[] {
  return preset === undefined ? [{ pattern, replacement }] : PRESETS[preset];
}
