/** The app that `cdk8s init typescript-app` creates, with an empty chart. */
import { App, Chart } from 'cdk8s';

const app = new App();
new Chart(app, 'empty');
app.synth();
