/** Credentials that Alertmanager reads from no file. */
const WITHOUT_FILE = /\.sigv4\.secret_key$|\.proxy_connect_header[.[]|^event_recorder\.webhook_outputs\[\d+\]\.url$/;

/** The field beside the credential at a path that takes a file instead; undefined where Alertmanager has none. */
export function fileField(path: string): string | undefined {
  if (WITHOUT_FILE.test(path)) return undefined;
  const field = /([^.[\]]+)(\[\d+\])*$/.exec(path)?.[1] ?? path;
  return field === 'secrets' ? 'files' : `${field}_file`;
}

/** What to do about a credential that no file can take the place of. */
export function adviceWithoutFile(path: string): string {
  if (path.includes('.sigv4.')) return 'give the pod a role of AWS, and remove access_key and secret_key';
  if (/\.proxy_(url|connect_header)/.test(path)) return 'write a proxy that asks Alertmanager for no password';
  if (/url$/.test(path)) return 'write the URL without it, and http_config.basic_auth with a password_file';
  return 'remove it, or write what needs none';
}
