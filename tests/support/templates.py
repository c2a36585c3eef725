"""A CloudFormation template with something of each kind, for tests of imports and exports."""

from __future__ import annotations

SHOP = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Callbacks: {Type: CommaDelimitedList, Default: "http://localhost:3000/cb, http://localhost:3001/cb"}
  Google: {Type: String, Default: "no"}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  WithGoogle: !Or [!Condition IsProd, !Not [!Equals [!Ref Google, "no"]]]
Mappings:
  Lengths:
    dev: {Password: 8}
    prod: {Password: 14}
Resources:
  PreSignUp:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: !Sub "${AWS::StackName}-pre-sign-up", Role: !GetAtt FunctionRole.Arn}
  FunctionRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
      ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: !Join [-, [shop, !Ref Stage]]
      AliasAttributes: [email]
      AutoVerifiedAttributes: [email]
      Policies: {PasswordPolicy: {MinimumLength: !FindInMap [Lengths, !Ref Stage, Password]}}
      Schema: [{Name: tenant, AttributeDataType: String, Mutable: true, StringAttributeConstraints: {MaxLength: "20"}}]
      MfaConfiguration: !If [IsProd, "ON", OPTIONAL]
      EnabledMfas: [SOFTWARE_TOKEN_MFA]
      LambdaConfig: {PreSignUp: !GetAtt PreSignUp.Arn}
      UserPoolTags: {stage: !Ref Stage}
      DeletionProtection: !If [IsProd, ACTIVE, !Ref "AWS::NoValue"]
  Articles:
    Type: AWS::Cognito::UserPoolResourceServer
    Properties: {UserPoolId: !Ref Pool, Identifier: articles, Name: Articles, Scopes: [{ScopeName: read, ScopeDescription: Read}]}
  Login:
    Type: AWS::Cognito::UserPoolIdentityProvider
    Condition: WithGoogle
    Properties:
      UserPoolId: !Ref Pool
      ProviderName: Google
      ProviderType: Google
      ProviderDetails: {client_id: id, client_secret: secret, authorize_scopes: openid}
  Web:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      CallbackURLs: !Ref Callbacks
      AllowedOAuthFlows: [code]
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthScopes: [openid, !Sub "${Articles}/read"]
      ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]
      SupportedIdentityProviders: [COGNITO, !If [WithGoogle, !Ref Login, !Ref "AWS::NoValue"]]
  Jobs:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, ClientName: jobs, GenerateSecret: true}
  Domain:
    Type: AWS::Cognito::UserPoolDomain
    Properties: {UserPoolId: !Ref Pool, Domain: !Sub "shop-${Stage}", ManagedLoginVersion: 2}
  Style:
    Type: AWS::Cognito::ManagedLoginBranding
    Properties: {UserPoolId: !Ref Pool, ClientId: !Ref Web, UseCognitoProvidedValues: true}
  Admins:
    Type: AWS::Cognito::UserPoolGroup
    Properties: {UserPoolId: !Ref Pool, GroupName: admins, Precedence: 1, RoleArn: !GetAtt Member.Arn}
  Ada:
    Type: AWS::Cognito::UserPoolUser
    Properties: {UserPoolId: !Ref Pool, Username: ada, UserAttributes: [{Name: email, Value: ada@example.com}]}
  AdaIsAdmin:
    Type: AWS::Cognito::UserPoolUserToGroupAttachment
    Properties: {UserPoolId: !Ref Pool, Username: !Ref Ada, GroupName: !Ref Admins}
  Identities:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: false
      CognitoIdentityProviders: [{ClientId: !Ref Web, ProviderName: !GetAtt Pool.ProviderName}]
  Member:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref Identities}}
      Policies:
        - PolicyName: read
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${Files.Arn}/*"}]}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Identities
      Roles: {authenticated: !GetAtt Member.Arn}
      RoleMappings:
        web: {IdentityProvider: !Sub "${Pool.ProviderName}:${Web}", Type: Token, AmbiguousRoleResolution: Deny}
  Files:
    Type: AWS::S3::Bucket
    Properties: {BucketName: shop-files}
Outputs:
  PoolId: {Value: !Ref Pool, Export: {Name: !Sub "${AWS::StackName}-pool"}}
  Secret: {Value: !GetAtt Jobs.ClientSecret}
  Issuer: {Value: !GetAtt Pool.ProviderURL}
  OnlyProd: {Condition: IsProd, Value: prod}
"""
