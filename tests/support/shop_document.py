"""A document that states something of each kind, for tests of definitions."""

from __future__ import annotations

SHOP = """
functions: {welcome: "json:loads"}
pools:
  - id: us-east-1_Shop
    PoolName: shop
    AliasAttributes: [email]
    AutoVerifiedAttributes: [email]
    Schema: [{Name: tenant, AttributeDataType: String, Mutable: true}]
    LambdaConfig: {PostConfirmation: welcome}
    mfa: {MfaConfiguration: OPTIONAL, SoftwareTokenMfaConfiguration: {Enabled: true}}
    domain: shop
    branding: {}
    resource_servers: [{Identifier: articles, Name: Articles, Scopes: [{ScopeName: read, ScopeDescription: Read}]}]
    clients:
      - {id: webwebweb, ClientName: web, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
      - ClientName: jobs
        ClientSecret: notasecret0123456789abcdef
        AllowedOAuthFlows: [client_credentials]
        AllowedOAuthScopes: [articles/read]
        AllowedOAuthFlowsUserPoolClient: true
    groups: [{GroupName: admins, Precedence: 1}]
    users:
      - {Username: ada, password: Corr3ct-Horse!, groups: [admins], attributes: {email: ada@example.com, email_verified: true, "custom:tenant": t1}}
      - {Username: grace, temporary_password: Temp-0rary!}
      - {Username: eve, password: Corr3ct-Horse!, confirmed: false}
      - {Username: bob, password: Corr3ct-Horse!, totp: JBSWY3DPEHPK3PXP, disabled: true}
      - {Username: joe}
identity_pools:
  - id: us-east-1:00000000-0000-4000-8000-000000000001
    IdentityPoolName: shop
    clients: [web]
    roles:
      authenticated: {policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]}}
      unauthenticated: guest
roles:
  - RoleName: guest
    AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "sts:AssumeRole"}]}
    policies: {none: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "*", Resource: "*"}]}}
"""
POOL = "us-east-1_Shop"
FEDERATED = """
pools:
  - id: us-east-1_Shop
    PoolName: shop
    UsernameAttributes: [email]
    identity_providers:
      - {ProviderName: Google, ProviderType: Google, ProviderDetails: {client_id: a, client_secret: b, authorize_scopes: openid}}
      - {ProviderName: Corp, ProviderType: OIDC, AttributeMapping: {email: email}, ProviderDetails: {client_id: a, client_secret: b, authorize_scopes: openid, attributes_request_method: GET, oidc_issuer: "https://corp.example", authorize_url: "https://corp.example/a", token_url: "https://corp.example/t", attributes_url: "https://corp.example/u", jwks_uri: "https://corp.example/k"}}
    clients: [{id: webwebweb, ClientName: web, SupportedIdentityProviders: [COGNITO, Google]}]
    users:
      - Username: Google_107
        attributes: {email: ada@example.com, sub: 0b6c5c0e-0000-4000-8000-000000000001}
        identities: [{userId: "107", providerName: Google, providerType: Google, primary: true, dateCreated: 1700000000000}]
      - {Username: grace@example.com, password: Corr3ct-Horse!}
"""
WATCHED = """
pools:
  - id: us-east-1_Shop
    PoolName: shop
    UserPoolTier: PLUS
    UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}
    clients: [{id: webwebweb, ClientName: web}, {id: jobsjobs, ClientName: jobs}]
    risk:
      - CompromisedCredentialsRiskConfiguration: {EventFilter: [SIGN_IN], Actions: {EventAction: BLOCK}}
      - {client: web, RiskExceptionConfiguration: {BlockedIPRangeList: [192.0.2.0/24]}}
    log_delivery:
      LogConfigurations:
        - LogLevel: ERROR
          EventSource: userNotification
          CloudWatchLogsConfiguration: {LogGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:shop"}
"""
"""A pool with threat protection and logs."""
EVERYTHING = """
personas: [{name: Ada, email: ada@example.com, sub: s, claims: {a: b}}]
pools:
  - id: us-east-1_Shop
    PoolName: shop
    region: us-east-1
    domain: [shop, {Domain: auth.example.com, ManagedLoginVersion: 2, CustomDomainConfig: {CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"}}]
    ui: {CSS: ".banner-customizable {background: red}"}
    terms: {TermsName: terms-of-use, TermsSource: LINK, Enforcement: NONE, Links: {"cognito:default": "https://example.com/terms"}}
    SmsConfiguration: {SnsCallerArn: "arn:aws:iam::123456789012:role/sms"}
    EmailConfiguration: {EmailSendingAccount: DEVELOPER, SourceArn: "arn:aws:ses:us-east-1:123456789012:identity/example.com"}
    mfa: {MfaConfiguration: OPTIONAL, SoftwareTokenMfaConfiguration: {Enabled: true}, EmailMfaConfiguration: {Subject: code}, SmsMfaConfiguration: {SmsConfiguration: {SnsCallerArn: "arn:aws:iam::123456789012:role/sms"}}}
    sessions: {UserSessionTracking: ENABLED, TokenSession: {MaxPerUser: 3}}
    clients:
      - {id: webwebweb, ClientName: web}
      - {id: jobsjobs, ClientName: jobs, ClientSecret: notasecret0123456789abcdef, PublishSecretsInAWSSecretsManager: true}
      - {id: agentagent, ClientName: agent, type: DCR}
      - {id: twotwotwo, ClientName: two, ClientSecret: oldsecret0123456789abcdef, second_secret: newsecret0123456789abcdef, sessions: {SSOSession: {MaxValidityMinutes: 15}}}
    groups: [{GroupName: staff, Precedence: 0}]
    DcrConfiguration: {EnableStatus: Enabled}
    cimd_policies: [{client: web, PolicyName: agents, URLPatterns: ["https://agent.example.com/*"], CacheDuration: 172800}]
    users:
      - {Username: ada, password: Corr3ct-Horse!, attributes: {email: ada@example.com, phone_number: "+14155550123"}, mfa: [EMAIL_OTP, SMS_MFA], preferred_mfa: SMS_MFA}
      - {Username: bob, password: Corr3ct-Horse!, attributes: {email: bob@example.com}, totp: JBSWY3DPEHPK3PXP, mfa: [EMAIL_OTP, SOFTWARE_TOKEN_MFA]}
      - {Username: eve, password: Corr3ct-Horse!, totp: JBSWY3DPEHPK3PXP, mfa: []}
apis:
  - {id: shop, kind: http, stage: prod, upstream: "http://localhost:3000", issuer_pool: us-east-1_Shop, cors: {AllowOrigins: ["*"]}, timeout: 3, audience: [webwebweb], routes: [{path: "/articles/{id}", method: GET, authorizer: jwt, scopes: [articles/read]}]}
  - {id: graph, kind: appsync, upstream: "http://localhost:4000/graphql", schema: "type Query { a: String }", issuer_pool: us-east-1_Shop, authorizers: [cognito]}
identity_pools:
  - {id: "us-east-1:00000000-0000-4000-8000-000000000001", IdentityPoolName: shop, clients: [web], role_mappings: {"cognito-idp.us-east-1.amazonaws.com/us-east-1_Shop:webwebweb": {Type: Token, AmbiguousRoleResolution: Deny}}, principal_tags: {"cognito-idp.us-east-1.amazonaws.com/us-east-1_Shop": {b: c}}}
"""
METADATA = (
    '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com"><IDPSSODescriptor '
    'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></EntityDescriptor>' + " " * 1000
)
"""As long as AWS wants metadata to be."""
_READ = '{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]}'
IAM = f"""
oidc_providers:
  - Url: https://issuer.example.com/shop
    ClientIDList: [app, web]
    ThumbprintList: [990f4193972f2becf12ddeda5237f9c952f20d9e]
    Tags: [{{Key: team, Value: shop}}]
    ContextProvider: {{SubjectSourceKey: sub}}
    IdentityCenterInstanceArn: arn:aws:sso:::instance/ssoins-0123456789abcdef
saml_providers:
  - {{Name: corp, SAMLMetadataDocument: '{METADATA}', Tags: [{{Key: team, Value: shop}}]}}
iam_policies:
  - {{PolicyName: reading, Path: /shop/, Description: reads, Tags: [{{Key: team, Value: shop}}], PolicyDocument: {_READ}}}
  - {{PolicyName: limits, versions: {{v2: {_READ}, v4: {_READ}}}, default: v2}}
iam_groups:
  - {{GroupName: staff, managed_policies: [reading], policies: {{own: {_READ}}}}}
  - {{GroupName: guests, Path: /shop/}}
iam_users:
  - UserName: dora
    Path: /shop/
    PermissionsBoundary: arn:aws:iam::123456789012:policy/limits
    Tags: [{{Key: team, Value: shop}}]
    groups: [staff]
    managed_policies: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
    policies: {{own: {_READ}}}
roles:
  - RoleName: reader
    AssumeRolePolicyDocument: {{Version: "2012-10-17", Statement: [{{Effect: Allow, Principal: {{Federated: "arn:aws:iam::123456789012:oidc-provider/issuer.example.com/shop"}}, Action: "sts:AssumeRoleWithWebIdentity"}}]}}
    MaxSigninSessionDuration: 7200
    PermissionsBoundary: arn:aws:iam::123456789012:policy/limits
    managed_policies: [reading]
"""
"""What an account has in IAM."""
EVERYTHING += IAM
"""What SHOP, FEDERATED and WATCHED do not state."""
