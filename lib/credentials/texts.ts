import { isPlaceholder, isSecretName, isSecretSetting, looksRandom } from './names';
import { isWebhook } from './urls';

/** A credential in a text. */
export interface CredentialSpan {
  /** UTF-16 offset of its first character, and of the one after it. */
  readonly from: number;
  readonly to: number;
  /** What it is: `a webhook`, `a password in a URL`. */
  readonly what: string;
}

/** Tokens that are known by their form. */
const TOKENS: readonly RegExp[] = [
  /\bxox[abeoprs]-[\w-]{10,}/g,
  /\bxapp-\d-[\w-]{10,}/g,
  /\bgh[oprsu]_[A-Za-z0-9]{30,}/g,
  /\bgithub_pat_\w{30,}/g,
  /\bglpat-[\w-]{20,}/g,
  /\bgl(sa|c)_[\w=+/-]{20,}/g,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bAIza[\w-]{35}/g,
  /\b[rs]k_(live|test)_[A-Za-z0-9]{16,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bhv[bs]\.[\w-]{20,}/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g,
  /\b\d{8,10}:[A-Za-z][\w-]{33,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

const URL_IN_TEXT = /\bhttps?:\/\/[^\s"'`<>|(){}\\]+/gi;

/** Up to the last @ before the path; passwords may hold one. */
const USER_INFO = /\b[a-z][a-z0-9+.-]{0,20}:\/\/([^\s/?#"'`<>|]+)@/dgi;

/** In a URL, or in what is left of one between two actions of a template; also percent-encoded in another. */
const PARAMETER = /(?:[?&;]|%3F|%26)([\w.-]+)(?:=|%3D)([^\s&#"'`<>|(){}\\%;]+)/dgi;

/** `Authorization: Bearer …`, and the scheme alone before what looks like a token. */
const AUTHORIZATION =
  /\bauthorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|genie-?key)\s+)?(?!(?:bearer|basic|token|genie-?key)\b)([^\s"'`<>,{}]{4,})/dgi;
const SCHEME = /\b(?:bearer|basic|geniekey)\s+([\w.~+/=-]{16,})/dgi;

const NAMES = String.raw`[\w.-]*(?:password|passwd|passphrase|secret|token|(?:api|access|private|secret|routing|service|integration)[_-]?key)`;

/** A setting on a line of its own, as in YAML. */
const SETTING = new RegExp(
  String.raw`^[ \t]*(?:- )?["']?(${NAMES})["']?[ \t]*:[ \t]+(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'|>&*!#][^\s]*))[ \t]*,?(?:[ \t]#.*)?$`,
  'dgim',
);

/** `password=…`, as in an environment or on a command line. */
const ASSIGNMENT = new RegExp(String.raw`(?<![\w.$?&-])(?:--)?(${NAMES})=["']?([^\s"'\x60&,;<>(){}|~=]{4,})`, 'dgi');

/** `the password is …`, in a sentence. */
const SENTENCE =
  /\b(password|passwd|passphrase|api[ _-]?key|token|secret)["']?\s*(?:is\b|:)\s*["'`]?([^\s"'`,;<>{}()]{6,})/dgi;

/** Words that a setting of such a name has, and references to where its value is. */
const NO_VALUE =
  /^(true|false|null|none|nil|yes|no|on|off|optional|required|string|\d{1,3}|~|[./~][\w./-]*\/[\w./-]+|(file|env|vault|secret|ref\+\w+|op):.*)$/i;

/** All credentials in a text that is sent or shown: a message, a link, a template, an annotation. None overlaps another. */
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
    ...values(text, SENTENCE, 'a credential', isInSentence),
  ];
  return withoutOverlaps(spans);
}

/** The text with `<secret>` in place of each credential. */
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
 * What of a credential the value of a named setting is, undefined if none.
 *
 * @param isSecret which names tell it alone
 */
export function credentialNamed(name: string, value: string, isSecret = isSecretSetting): string | undefined {
  if (isSecret(name) && isLiteral(value.trim())) return `a value whose name '${name}' says that it is a credential`;
  return credentialsIn(value)[0]?.what;
}

function span(from: number, text: string, what: string): CredentialSpan {
  return { from, to: from + text.length, what };
}

function* webhooks(text: string): Iterable<CredentialSpan> {
  for (const { 0: matched, index } of text.matchAll(URL_IN_TEXT)) {
    const url = matched.replace(/[.,;:!?…]+$/, '');
    // An action or a variable goes on where the path ends: the credential is what it stands for.
    const goesOn = /^[{<(]/.test(text.slice(index + matched.length)) && !url.includes('?');
    if (!goesOn && isWebhook(url)) yield span(index, url, 'a webhook');
  }
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

/** Values of a pattern whose first group is a name, if it has two, and whose last one is the value. */
function* values(
  text: string,
  pattern: RegExp,
  what: string,
  counts: (name: string, value: string) => boolean,
): Iterable<CredentialSpan> {
  for (const match of text.matchAll(pattern)) {
    const [, first = '', ...others] = match;
    const at = others.findIndex((group) => group !== undefined);
    const value = at < 0 ? first : (others[at] ?? '');
    const [from = 0] = match.indices?.[at < 0 ? 1 : at + 2] ?? [];
    if (counts(at < 0 ? '' : first, value)) yield span(from, value, what);
  }
}

/** `key`, `code` and `auth` have many meanings in a link. */
function isParameter(name: string, value: string): boolean {
  if (!isSecretName(name) || isPlaceholder(value)) return false;
  return isSecretSetting(name) || /^(sig|signature|apikey)$/i.test(name) ? true : looksRandom(value);
}

function isInSentence(name: string, value: string): boolean {
  if (!isLiteral(value)) return false;
  return /^pass/i.test(name) ? hasDigit(value) && /[A-Za-z]/.test(value) : looksRandom(value);
}

/** Kubernetes calls its objects a `secret`, and many a text speaks of a `token`. */
function isBare(name: string): boolean {
  return /^(secret|token)$/i.test(name);
}

function hasDigit(value: string): boolean {
  return /\d/.test(value);
}

function isLiteral(value: string): boolean {
  return !isPlaceholder(value) && !NO_VALUE.test(value);
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
