# Written by `make models` from botocore's model of iam. Do not edit.
from typing import Any, Literal, NotRequired, TypedDict

class AcceptDelegationRequestRequest(TypedDict):
    DelegationRequestId: str

class AddClientIDToOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str
    ClientID: str

class AddUserToGroupRequest(TypedDict):
    GroupName: str
    UserName: str

class AssociateDelegationRequestRequest(TypedDict):
    DelegationRequestId: str

class AttachGroupPolicyRequest(TypedDict):
    GroupName: str
    PolicyArn: str

class AttachRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyArn: str

class AttachUserPolicyRequest(TypedDict):
    UserName: str
    PolicyArn: str

class AttachedPermissionsBoundary(TypedDict):
    PermissionsBoundaryType: NotRequired[str | None]
    PermissionsBoundaryArn: NotRequired[str | None]

class AttachedPolicy(TypedDict):
    PolicyName: NotRequired[str | None]
    PolicyArn: NotRequired[str | None]

class ConcurrentModificationException(TypedDict):
    message: NotRequired[str | None]

class ContextEntry(TypedDict):
    ContextKeyName: NotRequired[str | None]
    ContextKeyValues: NotRequired[list[str] | None]
    ContextKeyType: NotRequired[str | None]

class ContextProvider(TypedDict):
    KeyDefinitionList: NotRequired[list["ContextProviderKeyDefinition"] | None]
    SubjectSourceKey: str
    SubjectTypeValue: NotRequired[str | None]
    SubjectTypeSourceKey: NotRequired[str | None]

class ContextProviderKeyDefinition(TypedDict):
    SourceKey: str
    TargetKey: NotRequired[str | None]

class CreateDelegationRequestRequest(TypedDict):
    OwnerAccountId: NotRequired[str | None]
    Description: str
    Permissions: "DelegationPermission"
    RequestMessage: NotRequired[str | None]
    RequestorWorkflowId: str
    RedirectUrl: NotRequired[str | None]
    NotificationChannel: str
    SessionDuration: int
    OnlySendByOwner: NotRequired[bool | None]

class CreateDelegationRequestResponse(TypedDict):
    ConsoleDeepLink: NotRequired[str | None]
    DelegationRequestId: NotRequired[str | None]

class CreateGroupRequest(TypedDict):
    Path: NotRequired[str | None]
    GroupName: str

class CreateGroupResponse(TypedDict):
    Group: NotRequired["Group" | None]

class CreateOpenIDConnectProviderRequest(TypedDict):
    Url: str
    ClientIDList: NotRequired[list[str] | None]
    ThumbprintList: NotRequired[list[str] | None]
    Tags: NotRequired[list["Tag"] | None]
    ContextProvider: NotRequired["ContextProvider" | None]
    IdentityCenterInstanceArn: NotRequired[str | None]

class CreateOpenIDConnectProviderResponse(TypedDict):
    OpenIDConnectProviderArn: NotRequired[str | None]
    Tags: NotRequired[list["Tag"] | None]

class CreatePolicyRequest(TypedDict):
    PolicyName: str
    Path: NotRequired[str | None]
    PolicyDocument: str
    Description: NotRequired[str | None]
    Tags: NotRequired[list["Tag"] | None]

class CreatePolicyResponse(TypedDict):
    Policy: NotRequired["Policy" | None]

class CreatePolicyVersionRequest(TypedDict):
    PolicyArn: str
    PolicyDocument: str
    SetAsDefault: NotRequired[bool | None]

class CreatePolicyVersionResponse(TypedDict):
    PolicyVersion: NotRequired["PolicyVersion" | None]

class CreateRoleRequest(TypedDict):
    Path: NotRequired[str | None]
    RoleName: str
    AssumeRolePolicyDocument: str
    Description: NotRequired[str | None]
    MaxSessionDuration: NotRequired[int | None]
    MaxSigninSessionDuration: NotRequired[int | None]
    PermissionsBoundary: NotRequired[str | None]
    Tags: NotRequired[list["Tag"] | None]

class CreateRoleResponse(TypedDict):
    Role: NotRequired["Role" | None]

class CreateSAMLProviderRequest(TypedDict):
    SAMLMetadataDocument: str
    Name: str
    Tags: NotRequired[list["Tag"] | None]
    AssertionEncryptionMode: NotRequired[str | None]
    AddPrivateKey: NotRequired[str | None]
    ContextProvider: NotRequired["ContextProvider" | None]
    IdentityCenterInstanceArn: NotRequired[str | None]

class CreateSAMLProviderResponse(TypedDict):
    SAMLProviderArn: NotRequired[str | None]
    Tags: NotRequired[list["Tag"] | None]

class CreateUserRequest(TypedDict):
    Path: NotRequired[str | None]
    UserName: str
    PermissionsBoundary: NotRequired[str | None]
    Tags: NotRequired[list["Tag"] | None]

class CreateUserResponse(TypedDict):
    User: NotRequired["User" | None]

class DelegationPermission(TypedDict):
    PolicyTemplateArn: NotRequired[str | None]
    Parameters: NotRequired[list["PolicyParameter"] | None]

class DelegationRequest(TypedDict):
    DelegationRequestId: NotRequired[str | None]
    OwnerAccountId: NotRequired[str | None]
    Description: NotRequired[str | None]
    RequestMessage: NotRequired[str | None]
    Permissions: NotRequired["DelegationPermission" | None]
    PermissionPolicy: NotRequired[str | None]
    RolePermissionRestrictionArns: NotRequired[list[str] | None]
    OwnerId: NotRequired[str | None]
    ApproverId: NotRequired[str | None]
    State: NotRequired[str | None]
    ExpirationTime: NotRequired[float | None]
    RequestorId: NotRequired[str | None]
    RequestorName: NotRequired[str | None]
    CreateDate: NotRequired[float | None]
    SessionDuration: NotRequired[int | None]
    RedirectUrl: NotRequired[str | None]
    Notes: NotRequired[str | None]
    RejectionReason: NotRequired[str | None]
    OnlySendByOwner: NotRequired[bool | None]
    UpdatedTime: NotRequired[float | None]

class DeleteConflictException(TypedDict):
    message: NotRequired[str | None]

class DeleteGroupPolicyRequest(TypedDict):
    GroupName: str
    PolicyName: str

class DeleteGroupRequest(TypedDict):
    GroupName: str

class DeleteOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str

class DeletePolicyRequest(TypedDict):
    PolicyArn: str

class DeletePolicyVersionRequest(TypedDict):
    PolicyArn: str
    VersionId: str

class DeleteRolePermissionsBoundaryRequest(TypedDict):
    RoleName: str

class DeleteRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyName: str

class DeleteRoleRequest(TypedDict):
    RoleName: str

class DeleteSAMLProviderRequest(TypedDict):
    SAMLProviderArn: str

class DeleteUserPermissionsBoundaryRequest(TypedDict):
    UserName: str

class DeleteUserPolicyRequest(TypedDict):
    UserName: str
    PolicyName: str

class DeleteUserRequest(TypedDict):
    UserName: str

class DetachGroupPolicyRequest(TypedDict):
    GroupName: str
    PolicyArn: str

class DetachRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyArn: str

class DetachUserPolicyRequest(TypedDict):
    UserName: str
    PolicyArn: str

class EnableOutboundWebIdentityFederationResponse(TypedDict):
    IssuerIdentifier: NotRequired[str | None]

class EntityAlreadyExistsException(TypedDict):
    message: NotRequired[str | None]

class EvaluationResult(TypedDict):
    EvalActionName: str
    EvalResourceName: NotRequired[str | None]
    EvalDecision: str
    MatchedStatements: NotRequired[list["Statement"] | None]
    MissingContextValues: NotRequired[list[str] | None]
    OrganizationsDecisionDetail: NotRequired["OrganizationsDecisionDetail" | None]
    PermissionsBoundaryDecisionDetail: NotRequired["PermissionsBoundaryDecisionDetail" | None]
    EvalDecisionDetails: NotRequired[dict[str, str] | None]
    ResourceSpecificResults: NotRequired[list["ResourceSpecificResult"] | None]

class FeatureDisabledException(TypedDict):
    message: NotRequired[str | None]

class FeatureEnabledException(TypedDict):
    message: NotRequired[str | None]

class GetContextKeysForCustomPolicyRequest(TypedDict):
    PolicyInputList: list[str]

class GetContextKeysForPolicyResponse(TypedDict):
    ContextKeyNames: NotRequired[list[str] | None]

class GetContextKeysForPrincipalPolicyRequest(TypedDict):
    PolicySourceArn: str
    PolicyInputList: NotRequired[list[str] | None]

class GetDelegationRequestRequest(TypedDict):
    DelegationRequestId: str
    DelegationPermissionCheck: NotRequired[bool | None]

class GetDelegationRequestResponse(TypedDict):
    DelegationRequest: NotRequired["DelegationRequest" | None]
    PermissionCheckStatus: NotRequired[str | None]
    PermissionCheckResult: NotRequired[str | None]

class GetGroupPolicyRequest(TypedDict):
    GroupName: str
    PolicyName: str

class GetGroupPolicyResponse(TypedDict):
    GroupName: NotRequired[str | None]
    PolicyName: NotRequired[str | None]
    PolicyDocument: NotRequired[str | None]

class GetGroupRequest(TypedDict):
    GroupName: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class GetGroupResponse(TypedDict):
    Group: NotRequired["Group" | None]
    Users: NotRequired[list["User"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class GetOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str

class GetOpenIDConnectProviderResponse(TypedDict):
    Url: NotRequired[str | None]
    ClientIDList: NotRequired[list[str] | None]
    ThumbprintList: NotRequired[list[str] | None]
    CreateDate: NotRequired[float | None]
    Tags: NotRequired[list["Tag"] | None]
    ContextProvider: NotRequired["ContextProvider" | None]
    IdentityCenterInstanceArn: NotRequired[str | None]
    IdentityStoreArn: NotRequired[str | None]

class GetOutboundWebIdentityFederationInfoResponse(TypedDict):
    IssuerIdentifier: NotRequired[str | None]
    JwtVendingEnabled: NotRequired[bool | None]

class GetPolicyRequest(TypedDict):
    PolicyArn: str

class GetPolicyResponse(TypedDict):
    Policy: NotRequired["Policy" | None]

class GetPolicyVersionRequest(TypedDict):
    PolicyArn: str
    VersionId: str

class GetPolicyVersionResponse(TypedDict):
    PolicyVersion: NotRequired["PolicyVersion" | None]

class GetRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyName: str

class GetRolePolicyResponse(TypedDict):
    RoleName: NotRequired[str | None]
    PolicyName: NotRequired[str | None]
    PolicyDocument: NotRequired[str | None]

class GetRoleRequest(TypedDict):
    RoleName: str

class GetRoleResponse(TypedDict):
    Role: NotRequired["Role" | None]

class GetSAMLProviderRequest(TypedDict):
    SAMLProviderArn: str

class GetSAMLProviderResponse(TypedDict):
    SAMLProviderUUID: NotRequired[str | None]
    SAMLMetadataDocument: NotRequired[str | None]
    ContextProvider: NotRequired["ContextProvider" | None]
    SAMLKeyHashes: NotRequired[list["SAMLKeyHashEntry"] | None]
    CreateDate: NotRequired[float | None]
    ValidUntil: NotRequired[float | None]
    Tags: NotRequired[list["Tag"] | None]
    AssertionEncryptionMode: NotRequired[str | None]
    PrivateKeyList: NotRequired[list["SAMLPrivateKey"] | None]
    IdentityCenterInstanceArn: NotRequired[str | None]
    IdentityStoreArn: NotRequired[str | None]

class GetUserPolicyRequest(TypedDict):
    UserName: str
    PolicyName: str

class GetUserPolicyResponse(TypedDict):
    UserName: NotRequired[str | None]
    PolicyName: NotRequired[str | None]
    PolicyDocument: NotRequired[str | None]

class GetUserRequest(TypedDict):
    UserName: NotRequired[str | None]

class GetUserResponse(TypedDict):
    User: NotRequired["User" | None]

class Group(TypedDict):
    Path: str
    GroupName: str
    GroupId: str
    Arn: str
    CreateDate: float

class InlinePolicyIdentifierType(TypedDict):
    PolicyName: str
    AttachmentType: str
    AttachmentName: str

class InvalidInputException(TypedDict):
    message: NotRequired[str | None]

class LimitExceededException(TypedDict):
    message: NotRequired[str | None]

class ListAttachedGroupPoliciesRequest(TypedDict):
    GroupName: str
    PathPrefix: NotRequired[str | None]
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListAttachedGroupPoliciesResponse(TypedDict):
    AttachedPolicies: NotRequired[list["AttachedPolicy"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListAttachedRolePoliciesRequest(TypedDict):
    RoleName: str
    PathPrefix: NotRequired[str | None]
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListAttachedRolePoliciesResponse(TypedDict):
    AttachedPolicies: NotRequired[list["AttachedPolicy"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListAttachedUserPoliciesRequest(TypedDict):
    UserName: str
    PathPrefix: NotRequired[str | None]
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListAttachedUserPoliciesResponse(TypedDict):
    AttachedPolicies: NotRequired[list["AttachedPolicy"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListDelegationRequestsRequest(TypedDict):
    OwnerId: NotRequired[str | None]
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListDelegationRequestsResponse(TypedDict):
    DelegationRequests: NotRequired[list["DelegationRequest"] | None]
    Marker: NotRequired[str | None]
    isTruncated: NotRequired[bool | None]

class ListEntitiesForPolicyRequest(TypedDict):
    PolicyArn: str
    EntityFilter: NotRequired[str | None]
    PathPrefix: NotRequired[str | None]
    PolicyUsageFilter: NotRequired[str | None]
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListEntitiesForPolicyResponse(TypedDict):
    PolicyGroups: NotRequired[list["PolicyGroup"] | None]
    PolicyUsers: NotRequired[list["PolicyUser"] | None]
    PolicyRoles: NotRequired[list["PolicyRole"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListGroupPoliciesRequest(TypedDict):
    GroupName: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListGroupPoliciesResponse(TypedDict):
    PolicyNames: NotRequired[list[str] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListGroupsForUserRequest(TypedDict):
    UserName: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListGroupsForUserResponse(TypedDict):
    Groups: NotRequired[list["Group"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListGroupsRequest(TypedDict):
    PathPrefix: NotRequired[str | None]
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListGroupsResponse(TypedDict):
    Groups: NotRequired[list["Group"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListOpenIDConnectProviderTagsRequest(TypedDict):
    OpenIDConnectProviderArn: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListOpenIDConnectProviderTagsResponse(TypedDict):
    Tags: NotRequired[list["Tag"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListOpenIDConnectProvidersRequest(TypedDict):
    pass

class ListOpenIDConnectProvidersResponse(TypedDict):
    OpenIDConnectProviderList: NotRequired[list["OpenIDConnectProviderListEntry"] | None]

class ListPoliciesRequest(TypedDict):
    Scope: NotRequired[str | None]
    OnlyAttached: NotRequired[bool | None]
    PathPrefix: NotRequired[str | None]
    PolicyUsageFilter: NotRequired[str | None]
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListPoliciesResponse(TypedDict):
    Policies: NotRequired[list["Policy"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListPolicyTagsRequest(TypedDict):
    PolicyArn: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListPolicyTagsResponse(TypedDict):
    Tags: NotRequired[list["Tag"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListPolicyVersionsRequest(TypedDict):
    PolicyArn: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListPolicyVersionsResponse(TypedDict):
    Versions: NotRequired[list["PolicyVersion"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListRolePoliciesRequest(TypedDict):
    RoleName: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListRolePoliciesResponse(TypedDict):
    PolicyNames: NotRequired[list[str] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListRoleTagsRequest(TypedDict):
    RoleName: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListRoleTagsResponse(TypedDict):
    Tags: NotRequired[list["Tag"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListRolesRequest(TypedDict):
    PathPrefix: NotRequired[str | None]
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListRolesResponse(TypedDict):
    Roles: NotRequired[list["Role"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListSAMLProviderTagsRequest(TypedDict):
    SAMLProviderArn: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListSAMLProviderTagsResponse(TypedDict):
    Tags: NotRequired[list["Tag"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListSAMLProvidersRequest(TypedDict):
    pass

class ListSAMLProvidersResponse(TypedDict):
    SAMLProviderList: NotRequired[list["SAMLProviderListEntry"] | None]

class ListUserPoliciesRequest(TypedDict):
    UserName: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListUserPoliciesResponse(TypedDict):
    PolicyNames: NotRequired[list[str] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListUserTagsRequest(TypedDict):
    UserName: str
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListUserTagsResponse(TypedDict):
    Tags: NotRequired[list["Tag"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class ListUsersRequest(TypedDict):
    PathPrefix: NotRequired[str | None]
    Marker: NotRequired[str | None]
    MaxItems: NotRequired[int | None]

class ListUsersResponse(TypedDict):
    Users: NotRequired[list["User"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class MalformedPolicyDocumentException(TypedDict):
    message: NotRequired[str | None]

class NoSuchEntityException(TypedDict):
    message: NotRequired[str | None]

class OpenIDConnectProviderListEntry(TypedDict):
    Arn: NotRequired[str | None]
    IsTrustedIdentityPropagationEnabled: NotRequired[bool | None]

class OpenIdIdpCommunicationErrorException(TypedDict):
    message: NotRequired[str | None]

class OrderedOrganizationPolicyType(TypedDict):
    ServiceControlPolicyInputList: NotRequired[list[str] | None]

class OrganizationsDecisionDetail(TypedDict):
    AllowedByOrganizations: NotRequired[bool | None]

class PermissionsBoundaryDecisionDetail(TypedDict):
    AllowedByPermissionsBoundary: NotRequired[bool | None]

class Policy(TypedDict):
    PolicyName: NotRequired[str | None]
    PolicyId: NotRequired[str | None]
    Arn: NotRequired[str | None]
    Path: NotRequired[str | None]
    DefaultVersionId: NotRequired[str | None]
    AttachmentCount: NotRequired[int | None]
    PermissionsBoundaryUsageCount: NotRequired[int | None]
    IsAttachable: NotRequired[bool | None]
    Description: NotRequired[str | None]
    CreateDate: NotRequired[float | None]
    UpdateDate: NotRequired[float | None]
    Tags: NotRequired[list["Tag"] | None]

class PolicyEvaluationException(TypedDict):
    message: NotRequired[str | None]

class PolicyGroup(TypedDict):
    GroupName: NotRequired[str | None]
    GroupId: NotRequired[str | None]

class PolicyIdentifier(TypedDict):
    PolicyType: NotRequired[str | None]
    PolicyArn: NotRequired[str | None]
    InlinePolicyIdentifier: NotRequired["InlinePolicyIdentifierType" | None]

class PolicyNotAttachableException(TypedDict):
    message: NotRequired[str | None]

class PolicyParameter(TypedDict):
    Name: NotRequired[str | None]
    Values: NotRequired[list[str] | None]
    Type: NotRequired[str | None]

class PolicyRole(TypedDict):
    RoleName: NotRequired[str | None]
    RoleId: NotRequired[str | None]

class PolicyUser(TypedDict):
    UserName: NotRequired[str | None]
    UserId: NotRequired[str | None]

class PolicyVersion(TypedDict):
    Document: NotRequired[str | None]
    VersionId: NotRequired[str | None]
    IsDefaultVersion: NotRequired[bool | None]
    CreateDate: NotRequired[float | None]

class Position(TypedDict):
    Line: NotRequired[int | None]
    Column: NotRequired[int | None]

class PutGroupPolicyRequest(TypedDict):
    GroupName: str
    PolicyName: str
    PolicyDocument: str

class PutRolePermissionsBoundaryRequest(TypedDict):
    RoleName: str
    PermissionsBoundary: str

class PutRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyName: str
    PolicyDocument: str

class PutUserPermissionsBoundaryRequest(TypedDict):
    UserName: str
    PermissionsBoundary: str

class PutUserPolicyRequest(TypedDict):
    UserName: str
    PolicyName: str
    PolicyDocument: str

class RejectDelegationRequestRequest(TypedDict):
    DelegationRequestId: str
    Notes: NotRequired[str | None]

class RemoveClientIDFromOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str
    ClientID: str

class RemoveUserFromGroupRequest(TypedDict):
    GroupName: str
    UserName: str

class ResourceSpecificResult(TypedDict):
    EvalResourceName: str
    EvalResourceDecision: str
    MatchedStatements: NotRequired[list["Statement"] | None]
    MissingContextValues: NotRequired[list[str] | None]
    EvalDecisionDetails: NotRequired[dict[str, str] | None]
    PermissionsBoundaryDecisionDetail: NotRequired["PermissionsBoundaryDecisionDetail" | None]

class Role(TypedDict):
    Path: str
    RoleName: str
    RoleId: str
    Arn: str
    CreateDate: float
    AssumeRolePolicyDocument: NotRequired[str | None]
    Description: NotRequired[str | None]
    MaxSessionDuration: NotRequired[int | None]
    MaxSigninSessionDuration: NotRequired[int | None]
    PermissionsBoundary: NotRequired["AttachedPermissionsBoundary" | None]
    Tags: NotRequired[list["Tag"] | None]
    RoleLastUsed: NotRequired["RoleLastUsed" | None]
    SourceRoleTemplate: NotRequired["SourceRoleTemplate" | None]

class RoleLastUsed(TypedDict):
    LastUsedDate: NotRequired[float | None]
    Region: NotRequired[str | None]

class SAMLKeyHashEntry(TypedDict):
    IssuerURL: NotRequired[str | None]
    KeyHashes: NotRequired[list[str] | None]

class SAMLPrivateKey(TypedDict):
    KeyId: NotRequired[str | None]
    Timestamp: NotRequired[float | None]

class SAMLProviderListEntry(TypedDict):
    Arn: NotRequired[str | None]
    ValidUntil: NotRequired[float | None]
    CreateDate: NotRequired[float | None]
    IsTrustedIdentityPropagationEnabled: NotRequired[bool | None]

class SendDelegationTokenRequest(TypedDict):
    DelegationRequestId: str

class ServiceFailureException(TypedDict):
    message: NotRequired[str | None]

class SetDefaultPolicyVersionRequest(TypedDict):
    PolicyArn: str
    VersionId: str

class SimulateCustomPolicyRequest(TypedDict):
    PolicyInputList: list[str]
    PermissionsBoundaryPolicyInputList: NotRequired[list[str] | None]
    OrderedOrganizationPolicyInputList: NotRequired[list["OrderedOrganizationPolicyType"] | None]
    ActionNames: list[str]
    ResourceArns: NotRequired[list[str] | None]
    ResourcePolicy: NotRequired[str | None]
    ResourceOwner: NotRequired[str | None]
    CallerArn: NotRequired[str | None]
    ContextEntries: NotRequired[list["ContextEntry"] | None]
    ResourceHandlingOption: NotRequired[str | None]
    MaxItems: NotRequired[int | None]
    Marker: NotRequired[str | None]

class SimulatePolicyResponse(TypedDict):
    EvaluationResults: NotRequired[list["EvaluationResult"] | None]
    IsTruncated: NotRequired[bool | None]
    Marker: NotRequired[str | None]

class SimulatePrincipalPolicyRequest(TypedDict):
    PolicySourceArn: str
    PolicyInputList: NotRequired[list[str] | None]
    PermissionsBoundaryPolicyInputList: NotRequired[list[str] | None]
    PolicyExclusionList: NotRequired[list["PolicyIdentifier"] | None]
    ActionNames: list[str]
    ResourceArns: NotRequired[list[str] | None]
    ResourcePolicy: NotRequired[str | None]
    ResourceOwner: NotRequired[str | None]
    CallerArn: NotRequired[str | None]
    ContextEntries: NotRequired[list["ContextEntry"] | None]
    ResourceHandlingOption: NotRequired[str | None]
    MaxItems: NotRequired[int | None]
    Marker: NotRequired[str | None]

class SourceRoleTemplate(TypedDict):
    TemplateArn: str
    TemplateMinorVersion: int

class Statement(TypedDict):
    SourcePolicyId: NotRequired[str | None]
    SourcePolicyType: NotRequired[str | None]
    StartPosition: NotRequired["Position" | None]
    EndPosition: NotRequired["Position" | None]

class Tag(TypedDict):
    Key: str
    Value: str

class TagOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str
    Tags: list["Tag"]

class TagPolicyRequest(TypedDict):
    PolicyArn: str
    Tags: list["Tag"]

class TagRoleRequest(TypedDict):
    RoleName: str
    Tags: list["Tag"]

class TagSAMLProviderRequest(TypedDict):
    SAMLProviderArn: str
    Tags: list["Tag"]

class TagUserRequest(TypedDict):
    UserName: str
    Tags: list["Tag"]

class UnmodifiableEntityException(TypedDict):
    message: NotRequired[str | None]

class UntagOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str
    TagKeys: list[str]

class UntagPolicyRequest(TypedDict):
    PolicyArn: str
    TagKeys: list[str]

class UntagRoleRequest(TypedDict):
    RoleName: str
    TagKeys: list[str]

class UntagSAMLProviderRequest(TypedDict):
    SAMLProviderArn: str
    TagKeys: list[str]

class UntagUserRequest(TypedDict):
    UserName: str
    TagKeys: list[str]

class UpdateAssumeRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyDocument: str

class UpdateDelegationRequestRequest(TypedDict):
    DelegationRequestId: str
    Notes: NotRequired[str | None]

class UpdateOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str
    ContextProvider: NotRequired["ContextProvider" | None]
    IdentityCenterInstanceArn: NotRequired[str | None]
    RemoveContextProvider: NotRequired[bool | None]
    RemoveIdentityCenterInstance: NotRequired[bool | None]

class UpdateOpenIDConnectProviderThumbprintRequest(TypedDict):
    OpenIDConnectProviderArn: str
    ThumbprintList: list[str]

class UpdateRoleDescriptionRequest(TypedDict):
    RoleName: str
    Description: str

class UpdateRoleDescriptionResponse(TypedDict):
    Role: NotRequired["Role" | None]

class UpdateRoleRequest(TypedDict):
    RoleName: str
    Description: NotRequired[str | None]
    MaxSessionDuration: NotRequired[int | None]
    MaxSigninSessionDuration: NotRequired[int | None]
    ResetMaxSigninSessionDuration: NotRequired[bool | None]

class UpdateRoleResponse(TypedDict):
    pass

class UpdateSAMLProviderRequest(TypedDict):
    SAMLMetadataDocument: NotRequired[str | None]
    SAMLProviderArn: str
    AssertionEncryptionMode: NotRequired[str | None]
    AddPrivateKey: NotRequired[str | None]
    RemovePrivateKey: NotRequired[str | None]
    ContextProvider: NotRequired["ContextProvider" | None]
    IdentityCenterInstanceArn: NotRequired[str | None]
    RemoveContextProvider: NotRequired[bool | None]
    RemoveIdentityCenterInstance: NotRequired[bool | None]

class UpdateSAMLProviderResponse(TypedDict):
    SAMLProviderArn: NotRequired[str | None]

class User(TypedDict):
    Path: str
    UserName: str
    UserId: str
    Arn: str
    CreateDate: float
    PasswordLastUsed: NotRequired[float | None]
    PermissionsBoundary: NotRequired["AttachedPermissionsBoundary" | None]
    Tags: NotRequired[list["Tag"] | None]

