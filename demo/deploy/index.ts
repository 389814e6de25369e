// Deploys the program of this project to a tenant without the Pulumi engine.

export { DeployError, type Deployment, type Outputs, type Target } from './deployment.ts'
export { deployEmbedded, endIdleProcess, planEmbedded } from './embedded.ts'
