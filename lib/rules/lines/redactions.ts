import { NAMES, TOKEN_START } from '../../credentials';

/** A regular expression that hides a part of a log line. Loki and the ruler read it as RE2. */
export interface Redaction {
  readonly pattern: string;
  /** Replacement, in which `$1` is the first group. */
  readonly replacement: string;
  /** Texts in lower case; a line without any of them does not match. Loki compiles a pattern anew for each line. */
  readonly probes: readonly string[];
}

const SECRET = '<secret>';

/** Values with a space must be in quotes, which may be escaped, as JSON in JSON, or missing at the end of a cut line. */
const VALUE = String.raw`(?:\\*"[^"]*"?|'[^']*'?|[^\s"',;&]+)`;

/** Of a word that only looks like a name if an assignment follows. */
const ASSIGNED = String.raw`\\*["']?\s*(?:=>|:=|[:=]|%3D)\s*`;

/** E-mail addresses, and users with passwords in URLs. They distinguish lines that are otherwise equal. */
export const ADDRESSES: readonly Redaction[] = [
  // Up to the last @ before the path: a password may contain one.
  { pattern: String.raw`://[^\s/?#"']*@`, replacement: `://${SECRET}@`, probes: ['@'] },
  { pattern: String.raw`[\w.%+-]+@[\w-]+(?:\.[\w-]+)+`, replacement: '<email>', probes: ['@'] },
];

/** Texts that look like a credential. */
export const CREDENTIALS: readonly Redaction[] = [
  {
    pattern: String.raw`(?i)(\bauthorization${ASSIGNED}\\*["']?)(?:(?:bearer|basic|digest|token|apikey)\s+)?[^\s"',;]+`,
    replacement: `$1${SECRET}`,
    probes: ['authorization'],
  },
  // Longer than "authentication".
  {
    pattern: String.raw`(?i)(\b(?:bearer|basic)\s+)[\w.~+/=-]{16,}`,
    replacement: `$1${SECRET}`,
    probes: ['bearer', 'basic'],
  },
  {
    pattern: String.raw`(?i)(\b(?:set-)?cookie${ASSIGNED}\\*["']?)[^\n"']+`,
    replacement: `$1${SECRET}`,
    probes: ['cookie'],
  },
  {
    pattern: `(?i)(${NAMES}|[\\w.-]*(?:credentials?|signature|pwd))(${ASSIGNED})${VALUE}`,
    replacement: `$1$2${SECRET}`,
    probes: ['pass', 'secret', 'token', 'key', 'credential', 'signature', 'pwd'],
  },
  {
    pattern: String.raw`(?i)(\bpass(?:word|wd|phrase)\s+(?:is|was)\s+["']?)[^\s"']*\d[^\s"']*`,
    replacement: `$1${SECRET}`,
    probes: ['pass'],
  },
  { pattern: String.raw`(?i)(--${NAMES}\s+)${VALUE}`, replacement: `$1${SECRET}`, probes: ['--'] },
  {
    pattern: String.raw`(?i)([?&](?:sig|key|code|auth)=)[^\s"'&;]+`,
    replacement: `$1${SECRET}`,
    probes: ['sig=', 'key=', 'code=', 'auth='],
  },
  {
    pattern: String.raw`(?i)(https?://[^\s"']*/(?:(?:services|triggers|workflows|[\w-]*hook\w*)/|bot\d+:))[^\s"']+`,
    replacement: `$1${SECRET}`,
    probes: ['services/', 'triggers/', 'workflows/', 'hook', '/bot'],
  },
  // Any length, because the line may be cut.
  {
    pattern: String.raw`${TOKEN_START}[\w.=+/-]{4,}`,
    replacement: SECRET,
    probes: [
      ...[
        'xox',
        'xapp-',
        'ghp_',
        'gho_',
        'ghr_',
        'ghs_',
        'ghu_',
        'github_pat_',
        'glpat-',
        'glsa_',
        'glc_',
        'akia',
        'asia',
      ],
      ...['aiza', 'k_live_', 'k_test_', 'sg.', 'npm_', 'hvs.', 'hvb.', 'eyj'],
    ],
  },
  {
    // In a form that a scanner for keys in a repository does not take for one.
    pattern: String.raw`-{5}BEGIN [A-Z ]*PRIVATE\sKEY-{5}[^-]*(?:-{5}END [A-Z ]*PRIVATE\sKEY-{5})?`,
    replacement: SECRET,
    probes: ['private key'],
  },
];
