import type { Construct } from 'constructs';
import { HttpClient } from '../demo/http-client';
import { NginxApp } from '../demo/nginx-app';
import { SLACK_INBOX } from '../demo/slack-inbox';
import type { Component } from '../kubernetes/component';
import { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { Flow } from '../kubernetes/network-policies';
import type { PodDefaults } from '../kubernetes/pod';
import type { StackDemo } from './resolve';

export interface Demo {
  readonly chart: NamespacedChart;
  readonly inbox?: NginxApp;
  readonly components: readonly Component[];
  readonly flows: readonly Flow[];
}

/** Creates the log spammer, the service that it floods, and the slack-inbox if messages are sent to it. */
export function buildDemo(scope: Construct, demo: StackDemo, podDefaults: PodDefaults): Demo {
  const chart = new NamespacedChart(scope, demo.namespace, { podSecurity: 'restricted', podDefaults });
  const inbox = demo.slackInbox ? new NginxApp(chart, SLACK_INBOX) : undefined;
  const webservice = new NginxApp(chart, 'webservice');
  const { rate, replicas } = demo;
  const client = new HttpClient(chart, { rate, replicas, targetUrl: webservice.url('http') });
  return {
    chart,
    inbox,
    components: [...(inbox ? [inbox] : []), webservice, client],
    flows: [{ from: client, to: webservice, port: 'http' }],
  };
}
