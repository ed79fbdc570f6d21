/** Names of query parameters and headers that carry credentials. */
const SECRET_NAME =
  /(^|[_.-])(token|key|apikey|secret|sig|signature|password|passwd|passphrase|auth|authorization|cookie|code)$/i;

/** Names of settings that carry credentials. Stricter: `dedup_key`, `project_key` and `status_code` are harmless. */
const SECRET_SETTING =
  /(token|secret|password|passwd|passphrase|credentials?|authorization|(api|access|private|secret|routing|service|integration)[_-]?key)$|(^|[_-])auth$/i;

/** Variables of Grafana's dashboards, which may have any name. */
const DASHBOARD_VARIABLE = /^var-/i;

/** Texts that another program replaces by a value, or that a person put in place of one. */
const PLACEHOLDER = /\{\{|\}\}|\$\{|\$\(|^\$\w*$|^%\w*%?$|^<[^<>]*>$|^([*x.…]|\.\.\.)+$|^__\w+__$|^\[[^\]]*\]$/i;

/** Returns whether a header or query parameter of this name is likely a credential. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !DASHBOARD_VARIABLE.test(name);
}

/** Returns whether a setting of this name is likely a credential: a field of a payload, a label, an annotation. */
export function isSecretSetting(name: string): boolean {
  return SECRET_SETTING.test(name);
}

/** Returns whether a text is a placeholder for a value. */
export function isPlaceholder(text: string): boolean {
  return text.trim() === '' || PLACEHOLDER.test(text.trim());
}

/** Returns whether a text is long, and mixes letters and digits like a generated token. */
export function looksRandom(text: string): boolean {
  return /^[A-Za-z0-9_:+/=.~-]{20,}$/.test(text) && (text.match(/\d/g)?.length ?? 0) >= 4 && /[A-Za-z]/.test(text);
}
