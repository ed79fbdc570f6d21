/** The app that `cdk8s init typescript-app` writes, before anything is defined in its chart. */
import { App, Chart } from 'cdk8s';

const app = new App();
new Chart(app, 'empty');
app.synth();
