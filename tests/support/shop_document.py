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
