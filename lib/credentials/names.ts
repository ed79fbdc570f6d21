/** Names of query parameters and headers that carry credentials. */
const SECRET_NAME =
  /(^|[_.-])(token|key|apikey|secret|sig|signature|password|passwd|passphrase|auth|authorization|cookie|code)$/i;

/** Names of settings, of which many a `key` and `code` is harmless: `dedup_key`, `project_key`, `status_code`. */
const SECRET_SETTING =
  /(token|secret|password|passwd|passphrase|credentials?|authorization|(api|access|private|secret|routing|service|integration)[_-]?key)$|(^|[_-])auth$/i;

/** Variables of Grafana's dashboards, whatever they are called. */
const DASHBOARD_VARIABLE = /^var-/i;

/** What other programs put in place of a value before anything is sent or read, or what a person did. */
const PLACEHOLDER = /\{\{|\}\}|\$\{|\$\(|^\$\w*$|^%\w*%?$|^<[^<>]*>$|^([*x.…]|\.\.\.)+$|^__\w+__$|^\[[^\]]*\]$/i;

/** Returns whether a header or parameter of this name is most likely a credential. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !DASHBOARD_VARIABLE.test(name);
}

/** The same of a setting: a field of a payload, a label, an annotation. */
export function isSecretSetting(name: string): boolean {
  return SECRET_SETTING.test(name);
}

/** Returns whether a text stands for a value that is written elsewhere. */
export function isPlaceholder(text: string): boolean {
  return text.trim() === '' || PLACEHOLDER.test(text.trim());
}

/** Long, without words: letters and digits mixed, as generated tokens are. */
export function looksRandom(text: string): boolean {
  return /^[A-Za-z0-9_:+/=.~-]{20,}$/.test(text) && (text.match(/\d/g)?.length ?? 0) >= 4 && /[A-Za-z]/.test(text);
}
