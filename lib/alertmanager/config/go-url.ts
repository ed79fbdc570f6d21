import type { Diagnosis } from '../../checks/findings';

/** Characters that Go accepts in a host name. Upstream: `shouldEscape` in Go's `net/url`. */
const HOST = /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]*$/u;
const USER_INFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

/**
 * Returns the problem that Go's `url.Parse` or Alertmanager has with a URL; undefined if it is valid.
 *
 * @param schemes supported schemes, which require a host @default any URL, also a relative one
 * Upstream: `ParseURL` in `config/common/url.go`, https://pkg.go.dev/net/url#Parse
 */
export function urlProblem(text: string, schemes?: readonly string[]): Diagnosis | undefined {
  const wrong = (reason: string) => ({
    problem: `invalid URL: it ${reason}`,
    fix: 'use e.g. https://example.com/path',
  });
  if ([...text].some((character) => character < ' ' || character === '\u007f')) return wrong('has a control character');
  const [beforeFragment = '', ...fragment] = text.split('#');
  if (!isUnescapable(fragment.join('#'))) return wrong('has a % that is not followed by two hexadecimal digits');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(beforeFragment)?.[1];
  if (scheme === undefined && beforeFragment.startsWith(':')) return wrong('has no scheme before the colon');
  if (schemes && !schemes.includes(scheme?.toLowerCase() ?? ''))
    return wrong(`does not begin with http:// or https://`);
  const hierarchy = (beforeFragment.split('?')[0] as string).slice(scheme === undefined ? 0 : scheme.length + 1);
  if (scheme !== undefined && !hierarchy.startsWith('/')) return schemes && wrong('has no host');
  if (scheme === undefined && /^[^/]*:/.test(hierarchy)) return wrong('has a colon in the first segment of its path');
  const hasAuthority = hierarchy.startsWith('//') && (scheme !== undefined || !hierarchy.startsWith('///'));
  const authority = hasAuthority ? (/^\/\/([^/]*)/.exec(hierarchy)?.[1] as string) : '';
  const path = hasAuthority ? hierarchy.slice(authority.length + 2) : hierarchy;
  const reason = authorityProblem(authority);
  if (reason) return wrong(reason);
  if (!isUnescapable(path)) return wrong('has a % that is not followed by two hexadecimal digits');
  if (schemes && authority.replace(/^.*@/s, '') === '') return wrong('has no host');
  return undefined;
}

function authorityProblem(authority: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  const host = authority.slice(at + 1);
  if (!USER_INFO.test(user) || !isUnescapable(user)) return 'has a character in its user name that needs %-escaping';
  if (!HOST.test(host)) return 'has an invalid character in its host name';
  if (host.lastIndexOf('[') > 0) return "has a '[' inside its host";
  const port = host.startsWith('[') ? /^\[[^\]]*\](.*)$/s.exec(host)?.[1] : /:[^:]*$/.exec(host)?.[0];
  if (host.startsWith('[') && port === undefined) return "has a '[' in its host without ']'";
  if (port !== undefined && !/^(:\d*)?$/.test(port)) return 'has an invalid port';
  // In a host, Go only supports %-escapes of non-ASCII bytes, and %25 in an IPv6 zone.
  const zone = /^\[.*%25/s.test(host);
  if (!zone && /%(?![89A-Fa-f][0-9A-Fa-f])/.test(host)) return 'has a %-escape in its host';
  return undefined;
}

function isUnescapable(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}
