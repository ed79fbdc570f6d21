export { isPlaceholder, isSecretName, isSecretSetting } from './names';
export { type CredentialSpan, credentialNamed, credentialsIn, NAMES, TOKEN_START, withoutCredentials } from './texts';
export { credentialIn } from './urls';
export { namedVariables, substituteDefaults, unexpandedIn, variablesIn } from './variables';
