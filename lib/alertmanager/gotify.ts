import * as v from 'valibot';
import { assertOptions, objectName, optionsOf } from '../validate/validate';
import type { Receiver } from './config/config';
import { webhookConfig } from './webhook';

/** Props of `gotifyReceiver`. */
export interface GotifyReceiverProps {
  /** Name of the receiver, as routes use it. */
  readonly name: string;
  /** Base URL of the server: `http://gotify.chat.svc:8080`. */
  readonly url: string;
  /**
   * Secret that holds the token of one of its applications under the key `token`; it must be one of
   * `alertmanager.secrets`.
   */
  readonly tokenSecret: string;
  /** From 0, not shown at once, to 10; the Android app makes a sound from 4 on. @default 5 */
  readonly priority?: number;
}

const receiverProps = optionsOf<GotifyReceiverProps>()({
  name: v.string(),
  url: v.string(),
  tokenSecret: objectName,
  priority: v.optional(v.number()),
});

/**
 * What Gotify asks for, as one text: Alertmanager reads the rendered text as YAML, of which JSON is part, and takes the
 * strings in it as they are. Of texts in a list or map it would make lists and maps wherever one looks like that:
 * `[FIRING] …` a list, `firing: …` a map.
 *
 * The title is that of the first alert's rule, or else its name. The message has a paragraph an alert, in Markdown; Gotify
 * refuses one without text, so the status is always there.
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
    String.raw`{{ $text = printf "%s\n\n" $text }}`,
    '{{ end }}',
    '{"title": {{ printf "[%s] %s" (.Status | toUpper) $title | toJson }}, ',
    `"message": {{ $text | toJson }}, "priority": ${priority}}`,
  ].join('');

/**
 * Returns a receiver that posts messages to a Gotify server. There is no bridge between the two: Alertmanager itself
 * writes the body that Gotify asks for.
 *
 * @throws Error with every unknown name and wrong type of the props
 * @see https://gotify.net/api-docs#/message/createMessage
 * @example
 * const phone = gotifyReceiver({ name: 'phone', url: 'http://gotify.chat.svc:8080', tokenSecret: 'gotify', priority: 8 });
 */
export function gotifyReceiver(props: GotifyReceiverProps): Receiver {
  assertOptions('gotifyReceiver', receiverProps, props);
  const { name, url, tokenSecret, priority = 5 } = props;
  const webhookUrl = `${url.replace(/\/+$/, '')}/message`;
  return { name, webhook_configs: [{ ...webhookConfig({ webhookUrl, tokenSecret }), payload: payload(priority) }] };
}
