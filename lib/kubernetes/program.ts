import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import * as v from 'valibot';
import { assertOptions, bytes, objectName, optionsOf, portNumber, positiveInteger } from '../validate/validate';
import { requireSameConstructs } from '../versions/peers';
import { Component } from './component';
import { env } from './env-schema';
import { httpProbe } from './pod';
import type { EnvVar } from './pod-fields';
import { resources } from './pod-options-schema';
import type { Resources } from './resources';
import { statefulSet } from './stateful-set';
import { ONE_SERVED } from './waivers';

/** Props of `Program`. */
export interface ProgramProps {
  /** Value of the label `app.kubernetes.io/component`, e.g. `message-server`. */
  readonly role: string;
  /** Image with a tag, a digest, or both. */
  readonly image: string;
  /** ID of the user that it runs as, not root. */
  readonly user: number;
  /** Numbers of its ports by name. Port `http` serves the paths of the probes. */
  readonly ports: Readonly<Record<string, number>>;
  /** Resource requests and limits. */
  readonly resources: Resources;
  /** Path that responds with a status below 400 if requests can be served. */
  readonly readinessPath: string;
  /** Path that does so unless a restart would help. */
  readonly livenessPath: string;
  /** Arguments of the program. @default those of the image */
  readonly args?: readonly string[];
  /** Environment variables; credentials as references to Secrets. @default none */
  readonly env?: readonly EnvVar[];
  /** Sets `GOMEMLIMIT` and `GOMAXPROCS` from `resources`, for a program written in Go. @default false */
  readonly go?: boolean;
  /** Volume claim for its data. @default none */
  readonly disk?: Disk;
  /** Size of `/tmp`, a Kubernetes quantity. @default none, the file system is read-only */
  readonly tmp?: string;
}

/** A volume claim of a program. */
export interface Disk {
  /** Mount path. */
  readonly path: string;
  /** Size, a Kubernetes quantity, e.g. `5Gi`. */
  readonly storage: string;
  /** Storage class. @default the cluster's default class */
  readonly storageClassName?: string;
}

const schema = optionsOf<ProgramProps>()({
  role: v.string(),
  image: v.string(),
  user: positiveInteger,
  ports: v.record(objectName, portNumber),
  resources,
  readinessPath: v.string(),
  livenessPath: v.string(),
  args: v.optional(v.array(v.string())),
  env: v.optional(env),
  go: v.optional(v.boolean()),
  disk: v.optional(optionsOf<Disk>()({ path: v.string(), storage: bytes, storageClassName: v.optional(objectName) })),
  tmp: v.optional(bytes),
});

/**
 * A program of your own beside the stack, such as a server that receives notifications: one pod, hardened like those of
 * the stack, with a Service and an optional volume.
 *
 * @throws Error with every unknown option and every value of the wrong type
 * @example
 * import { App } from 'cdk8s';
 *
 * const app = new App();
 * const chart = new NamespacedChart(app, 'chat', { podSecurity: 'restricted' });
 * const chat = new Program(chart, 'chat-server', {
 *   role: 'message-server',
 *   image: 'registry.example.com/chat-server:1.2.3',
 *   user: 10001,
 *   ports: { http: 8080 },
 *   resources: { cpu: '20m', memory: '64Mi', memoryLimit: '128Mi' },
 *   readinessPath: '/ready',
 *   livenessPath: '/live',
 *   disk: { path: '/data', storage: '1Gi' },
 * });
 * const onCall = webhookReceiver({ name: 'chat', webhookUrl: `${chat.url('http')}/alerts` });
 * app.synth();
 */
export class Program extends Component {
  constructor(scope: Construct, id: string, props: ProgramProps) {
    requireSameConstructs(scope);
    assertOptions('Program', schema, props);
    const { image, ports, disk, tmp, args } = props;
    super(scope, id, props.role, ports);
    this.service();
    statefulSet(this, 'Resource', {
      metadata: this.workloadMetadata(image, ONE_SERVED),
      spec: {
        ...this.workload(),
        serviceName: this.name,
        replicas: 1,
        template: {
          metadata: this.podMetadata(),
          spec: this.podSpec({
            user: props.user,
            container: {
              name: this.name,
              image,
              args: args?.slice(),
              env: props.env,
              ports,
              resources: props.resources,
              go: props.go ? {} : undefined,
              readinessProbe: httpProbe(props.readinessPath, 'http', { periodSeconds: 5 }),
              livenessProbe: httpProbe(props.livenessPath, 'http', { periodSeconds: 20, failureThreshold: 6 }),
              writable: { ...(disk ? { [disk.path]: 'data' } : {}), ...(tmp ? { '/tmp': 'tmp' } : {}) },
            },
            volumes: tmp ? [{ name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString(tmp) } }] : undefined,
          }),
        },
      },
      claim: disk,
    });
  }
}
