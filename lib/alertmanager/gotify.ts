import * as v from 'valibot';
import { assertOptions, objectName, optionsOf } from '../validate/validate';
import type { Receiver } from './config/config';
import { webhookConfig } from './webhook';

/** Props of `gotifyReceiver`. */
export interface GotifyReceiverProps {
  /** Name of the receiver, as routes use it. */
  readonly name: string;
  /** Base URL of the server, e.g. `http://gotify.chat.svc:8080`. */
  readonly url: string;
  /**
   * Secret with the token of a Gotify application under the key `token`; it must be one of
   * `alertmanager.secrets`.
   */
  readonly tokenSecret: string;
  /** Priority from 0 to 10. The Android app shows no notification for 0, and plays a sound from 4. @default 5 */
  readonly priority?: number;
}

const receiverProps = optionsOf<GotifyReceiverProps>()({
  name: v.string(),
  url: v.string(),
  tokenSecret: objectName,
  priority: v.optional(v.number()),
});

/**
 * The request body as a single string: Alertmanager parses the rendered text as YAML, a superset of JSON, and keeps
 * the strings in it. If the payload were a map, it would parse each rendered string by itself, and turn `[FIRING] …`
 * into a list and `firing: …` into a map.
 *
 * The title is the annotation `title` of the first alert, or else the alert's name. The message has one Markdown
 * paragraph per alert; Gotify rejects an empty one, so the status is always included.
 * @see https://github.com/prometheus/alertmanager/blob/v0.35.0/template/template.go (`DeepCopyWithTemplate`)
 */
const payload = (priority: number) =>
  [
    '{{ $title := .CommonLabels.alertname }}',
    '{{ with (index .Alerts 0).Annotations.title }}{{ $title = . }}{{ end }}',
    '{{ $text := "" }}',
    '{{ range .Alerts }}',
    '{{ $text = printf "%s%s: %s" $text .Status .Annotations.description }}',
    '{{ with .Annotations.action }}{{ $text = printf "%s %s" $text . }}{{ end }}',
    '{{ with .Annotations.logurl }}{{ $text = printf "%s [Logs](%s)" $text . }}{{ end }}',
    // An indented block is a text as it is in Markdown. The ruler puts its error in an annotation whose query fails.
    '{{ if and (eq .Status "firing") (not (match "^(<error expanding template|$)" .Annotations.samples)) }}',
    String.raw`{{ $text = .Annotations.samples | trimSpace | reReplaceAll "(?m)^" "    " | printf "%s\n\n%s" $text }}`,
    '{{ end }}',
    String.raw`{{ $text = printf "%s\n\n" $text }}`,
    '{{ end }}',
    '{"title": {{ printf "[%s] %s" (.Status | toUpper) $title | toJson }}, ',
    `"message": {{ $text | toJson }}, "priority": ${priority}}`,
  ].join('');

/**
 * Returns a receiver that sends messages to a Gotify server, without a bridge: Alertmanager itself renders the request
 * body of Gotify's API.
 *
 * @throws Error with every unknown option and every value of the wrong type
 * @see https://gotify.net/api-docs#/message/createMessage
 * @example
 * const url = 'http://gotify.chat.svc:8080';
 * const phone = gotifyReceiver({ name: 'phone', url, tokenSecret: 'gotify', priority: 8 });
 */
export function gotifyReceiver(props: GotifyReceiverProps): Receiver {
  assertOptions('gotifyReceiver', receiverProps, props);
  const { name, url, tokenSecret, priority = 5 } = props;
  const webhookUrl = `${url.replace(/\/+$/, '')}/message`;
  return { name, webhook_configs: [{ ...webhookConfig({ webhookUrl, tokenSecret }), payload: payload(priority) }] };
}
