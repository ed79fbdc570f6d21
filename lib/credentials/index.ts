export { isPlaceholder, isSecretName, isSecretSetting } from './names';
export { type CredentialSpan, credentialNamed, credentialsIn, withoutCredentials } from './texts';
export { credentialIn } from './urls';
export { namedVariables, substituteDefaults, unexpandedIn, variablesIn } from './variables';
