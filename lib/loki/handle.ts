import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Component } from '../kubernetes/component';

/** Loki as other programs see it, whether it is one process or many. */
export interface LokiHandle extends IConstruct {
  /** Base URL for log lines, of `/loki/api/v1/push` and `/otlp/v1/logs`: `http://loki.logging.svc:3100`. */
  readonly pushUrl: string;
  /** Base URL for queries and the state of rules, e.g. of a datasource in Grafana. */
  readonly queryUrl: string;
  /** Programs that it consists of: Loki itself; targets, gateway and caches of a distributed one. */
  readonly components: readonly Component[];
  /**
   * Returns an object of any of its programs, to be patched, referenced or depended on.
   *
   * @param kind e.g. `StatefulSet`
   * @param name required if there are several objects of the kind
   * @throws Error if there is no such object, or several
   */
  object(kind: string, name?: string): ApiObject;
}
