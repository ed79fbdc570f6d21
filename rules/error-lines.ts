/**
 * Lines of level error or worse. Loki detects the level in JSON, logfmt and plain text when the line arrives. It is a
 * field rather than a part of the line, so that the rules do not match a log that quotes them.
 * @see https://grafana.com/docs/loki/v3.7.x/get-started/labels/structured-metadata/
 */
export const ERROR_LEVEL = '| detected_level=~"error|critical|fatal"';
