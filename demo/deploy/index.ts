// Two ways to deploy the program of this project to a tenant: without the Pulumi engine, and with it.

export { DeployError, type Deployment, type Outputs, type Target } from './deployment.ts'
export { deployEmbedded, planEmbedded } from './embedded.ts'
export { deployWithPulumi, PulumiStack } from './pulumi.ts'
