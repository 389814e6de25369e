// The custom claims that Auth0 refuses (docs: create-custom-claims).

// Used by Auth0 itself, or reserved by a standard.
const RESERVED = `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty
  dest entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce
  object_id org_id org_name orig origid permissions roles rph s_hash sid sip_callid sip_cseq_num sip_date sip_from_tag
  sip_via_branch sub sub_jwk toe txn typ uuid vot vtm x5t#S256`
// Claims of OpenID Connect about the user, which a custom claim cannot change.
const STANDARD = `address birthdate email email_verified family_name gender given_name locale middle_name name nickname
  phone_number phone_number_verified picture preferred_username profile updated_at website zoneinfo`
const REFUSED_NAMES = new Set(`${RESERVED} ${STANDARD}`.split(/\s+/))
const REFUSED_DOMAINS = ['auth0.com', 'webtask.io', 'webtask.run']

/** Records a claim, or ignores it without an error as Auth0 does. Only `scope` throws. */
export function setCustomClaim(claims: Record<string, unknown>, name: string, value: unknown): void {
  if (name === 'scope') throw new Error('The "scope" claim cannot be set.')
  if (!isDropped(name)) claims[name] = value
}

function isDropped(name: string): boolean {
  if (REFUSED_NAMES.has(name) || /^urn:auth0\b/i.test(name)) return true
  if (!/^https?:\/\//i.test(name)) return false
  if (!URL.canParse(name)) return true
  const { hostname } = new URL(name)
  return REFUSED_DOMAINS.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))
}
