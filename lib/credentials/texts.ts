import { isPlaceholder, isSecretName, isSecretSetting, looksRandom } from './names';
import { isWebhook } from './urls';

/** A credential in a text. */
export interface CredentialSpan {
  /** Offset of the first character in UTF-16 code units. */
  readonly from: number;
  /** Offset after the last character. */
  readonly to: number;
  /** Description for messages, such as `a webhook` or `a password in a URL`. */
  readonly what: string;
}

/** Tokens with a known format: its start, and the rest. */
const FORMATS: readonly (readonly [start: string, rest: string])[] = [
  ['xox[abeoprs]-', String.raw`[\w-]{10,}`],
  [String.raw`xapp-\d-`, String.raw`[\w-]{10,}`],
  ['gh[oprsu]_', '[A-Za-z0-9]{30,}'],
  ['github_pat_', String.raw`\w{30,}`],
  ['glpat-', String.raw`[\w-]{20,}`],
  ['gl(?:sa|c)_', String.raw`[\w=+/-]{20,}`],
  ['(?:AKIA|ASIA)', String.raw`[0-9A-Z]{16}\b`],
  ['AIza', String.raw`[\w-]{35}`],
  ['[rs]k_(?:live|test)_', '[A-Za-z0-9]{16,}'],
  [String.raw`SG\.`, String.raw`[\w-]{16,}\.[\w-]{16,}`],
  ['npm_', '[A-Za-z0-9]{30,}'],
  [String.raw`hv[bs]\.`, String.raw`[\w-]{20,}`],
  ['eyJ', String.raw`[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}`],
  [String.raw`\d{8,10}:`, String.raw`[A-Za-z][\w-]{33,}`],
];

/** Start of a token with a known format, for Go's regular expressions too. */
export const TOKEN_START = String.raw`\b(?:${FORMATS.map(([start]) => start).join('|')})`;

const TOKENS: readonly RegExp[] = [
  ...FORMATS.map(([start, rest]) => new RegExp(String.raw`\b${start}${rest}`, 'g')),
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

const URL_IN_TEXT = /\bhttps?:\/\/[^\s"'`<>|(){}\\]+/gi;

/** Up to the last @ before the path: a password may contain one. */
const USER_INFO = /\b[a-z][a-z0-9+.-]{0,20}:\/\/([^\s/?#"'`<>|]+)@/dgi;

/** In a URL, or in the part of a URL between two template actions; also percent-encoded in another URL. */
const PARAMETER = /(?:[?&;]|%3F|%26)([\w.-]+)(?:=|%3D)([^\s&#"'`<>|(){}\\%;]+)/dgi;

/** `Authorization: Bearer …`, or the scheme alone before a text that looks like a token. */
const AUTHORIZATION =
  /\bauthorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|genie-?key)\s+)?(?!(?:bearer|basic|token|genie-?key)\b)([^\s"'`<>,{}]{4,})/dgi;
const SCHEME = /\b(?:bearer|basic|geniekey)\s+([\w.~+/=-]{16,})/dgi;

/** Name that ends like that of a credential, for Go's regular expressions too. */
export const NAMES = String.raw`[\w.-]*(?:password|passwd|passphrase|secret|token|(?:api|access|private|secret|routing|service|integration)[_-]?key)`;

/** A setting on its own line, as in YAML. */
const SETTING = new RegExp(
  String.raw`^[ \t]*(?:- )?["']?(${NAMES})["']?[ \t]*:[ \t]+(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'|>&*!#][^\s]*))[ \t]*,?(?:[ \t]#.*)?$`,
  'dgim',
);

/** `password=…`, as in environment variables or on a command line. */
const ASSIGNMENT = new RegExp(String.raw`(?<![\w.$?&-])(?:--)?(${NAMES})=["']?([^\s"'\x60&,;<>(){}|~=]{4,})`, 'dgi');

/** `{{ $password := "…" }}`, a variable of a template. */
const TEMPLATE_VARIABLE = new RegExp(String.raw`\$(${NAMES})\s*:?=\s*(?:"([^"\n]+)"|\x60([^\x60\n]+)\x60)`, 'dgi');

/** `the password is …`, in a sentence. */
const SENTENCE =
  /\b(password|passwd|passphrase|api[ _-]?key|token|secret)["']?\s*(?:is\b|:)\s*["'`]?([^\s"'`,;<>{}()]{6,})/dgi;

/** Harmless values of such settings: keywords, paths and references. */
const HARMLESS_VALUE =
  /^(true|false|null|none|nil|yes|no|on|off|optional|required|string|\d{1,3}|~|[./~][\w./-]*\/[\w./-]+|(file|env|vault|secret|ref\+\w+|op):.*)$/i;

/** Finds credentials in a text that is sent or shown: a message, link, template or annotation. They do not overlap. */
export function credentialsIn(text: string): CredentialSpan[] {
  const spans = [
    ...webhooks(text),
    ...userInfos(text),
    ...TOKENS.flatMap((form) => [...text.matchAll(form)].map((match) => span(match.index, match[0], 'a token or key'))),
    ...values(text, PARAMETER, 'a token as a parameter', isParameter),
    ...values(text, AUTHORIZATION, 'a credential', (_, value) => isLiteral(value)),
    ...values(text, SCHEME, 'a token', (_, value) => looksRandom(value)),
    ...values(text, SETTING, 'a credential', (name, value) => isLiteral(value) && (!isBare(name) || hasDigit(value))),
    ...values(
      text,
      ASSIGNMENT,
      'a credential',
      (name, value) => isLiteral(value) && (!isBare(name) || looksRandom(value)),
    ),
    ...values(
      text,
      TEMPLATE_VARIABLE,
      'a credential',
      (name, value) => isLiteral(value) && (!isBare(name) || hasDigit(value)),
    ),
    ...values(text, SENTENCE, 'a credential', isInSentence),
  ];
  return withoutOverlaps(spans);
}

/** Replaces each credential in a text by `<secret>`. */
export function withoutCredentials(text: string): { readonly text: string; readonly found: readonly CredentialSpan[] } {
  const found = credentialsIn(text);
  let [rest, at] = ['', 0];
  for (const { from, to } of found) {
    rest += `${text.slice(at, from)}<secret>`;
    at = to;
  }
  return { text: rest + text.slice(at), found };
}

/**
 * Returns the description of a credential in the value of a named setting, undefined if there is none.
 *
 * @param isSecret names for which any literal value is a credential
 */
export function credentialNamed(name: string, value: string, isSecret = isSecretSetting): string | undefined {
  if (isSecret(name) && isLiteral(value.trim())) return `a credential, according to the name '${name}'`;
  return credentialsIn(value)[0]?.what;
}

function span(from: number, text: string, what: string): CredentialSpan {
  return { from, to: from + text.length, what };
}

function* webhooks(text: string): Iterable<CredentialSpan> {
  for (const { 0: matched, index } of text.matchAll(URL_IN_TEXT)) {
    const url = matched.replace(/[.,;:!?…]+$/, '');
    if (!continues(url, text.slice(index + matched.length)) && isWebhook(url)) yield span(index, url, 'a webhook');
  }
}

/** Actions of templates that print nothing where they are. */
const SILENT_ACTION = /^\{\{-?\s*(?:(?:end|else|if|with|range|define|block|template)\b|\/\*|\$\w+\s*:?=)/;

/** True if the path of a URL continues with a template action or variable, which then has the credential. */
function continues(url: string, rest: string): boolean {
  if (!/^[{<(]/.test(rest) || SILENT_ACTION.test(rest) || url.includes('?')) return false;
  return !looksRandom(url.slice(url.lastIndexOf('/') + 1));
}

function* userInfos(text: string): Iterable<CredentialSpan> {
  for (const match of text.matchAll(USER_INFO)) {
    const info = match[1] ?? '';
    const [user = '', ...rest] = info.split(':');
    const password = rest.join(':');
    const literal = password === '' ? looksRandom(user) : !isPlaceholder(password);
    if (literal) yield span(match.indices?.[1]?.[0] ?? 0, info, 'a password in a URL');
  }
}

/** Finds values with a pattern whose groups are the name and alternatives of the value, or the value alone. */
function* values(
  text: string,
  pattern: RegExp,
  what: string,
  isCredential: (name: string, value: string) => boolean,
): Iterable<CredentialSpan> {
  for (const match of text.matchAll(pattern)) {
    const [, first = '', ...others] = match;
    const at = others.findIndex((group) => group !== undefined);
    const value = at < 0 ? first : (others[at] ?? '');
    const [from = 0] = match.indices?.[at < 0 ? 1 : at + 2] ?? [];
    if (isCredential(at < 0 ? '' : first, value)) yield span(from, value, what);
  }
}

/** `key`, `code` and `auth` have other meanings in links, so their value must look like a token. */
function isParameter(name: string, value: string): boolean {
  if (!isSecretName(name) || isPlaceholder(value)) return false;
  return isSecretSetting(name) || /^(sig|signature|apikey)$/i.test(name) ? true : looksRandom(value);
}

function isInSentence(name: string, value: string): boolean {
  if (!isLiteral(value)) return false;
  return /^pass/i.test(name) ? hasDigit(value) && /[A-Za-z]/.test(value) : looksRandom(value);
}

/** `secret` and `token` alone are common words: Kubernetes has objects of this name. */
function isBare(name: string): boolean {
  return /^(secret|token)$/i.test(name);
}

function hasDigit(value: string): boolean {
  return /\d/.test(value);
}

function isLiteral(value: string): boolean {
  return !isPlaceholder(value) && !HARMLESS_VALUE.test(value);
}

function withoutOverlaps(spans: readonly CredentialSpan[]): CredentialSpan[] {
  const kept: CredentialSpan[] = [];
  for (const next of [...spans].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = kept.at(-1);
    if (!last || next.from >= last.to) kept.push(next);
    else if (next.to > last.to) kept[kept.length - 1] = { ...last, to: next.to };
  }
  return kept;
}
