import type { Path } from '../../checks/findings';

/** Returns the field that takes a file instead of the credential at a path; undefined if there is none. */
export function fileField(path: Path): string | undefined {
  const field = nameOf(path);
  if (field === 'secret_key' && path.includes('sigv4')) return undefined;
  if (path.includes('proxy_connect_header')) return undefined;
  if (field === 'url' && path[0] === 'event_recorder') return undefined;
  return field === 'secrets' ? 'files' : `${field}_file`;
}

/** Returns the fix for a credential that cannot be read from a file. */
export function adviceWithoutFile(path: Path): string {
  if (path.includes('sigv4')) return 'remove access_key and secret_key, and give the pod an AWS role';
  if (path.includes('proxy_url') || path.includes('proxy_connect_header')) return 'use a proxy that needs no password';
  if (nameOf(path).endsWith('url'))
    return 'remove it from the URL, and use http_config.basic_auth with a password_file';
  return 'remove it, or use a service that needs none';
}

/** The field at a path, or of the list whose item is at it. */
function nameOf(path: Path): string {
  return String(path.findLast((part) => typeof part === 'string') ?? '');
}
