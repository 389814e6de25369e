// Preloaded into auth0-deploy-cli: leaves the schemas of Actions and triggers, and lets everything else pass. An import
// compiles the schemas of all resources of Auth0, which takes more than ten seconds of CPU.
import schema from 'auth0-deploy-cli/lib/tools/auth0/schema.js'

const { properties } = schema.default
for (const name of Object.keys(properties)) {
  if (name !== 'actions' && name !== 'triggers') Object.assign(properties, { [name]: {} })
}
