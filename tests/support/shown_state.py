"""All that boto3 shows of the state, for tests that compare two servers."""

from __future__ import annotations

import json

import boto3

VOLATILE = {
    "CloudFrontDistribution",
    "Version",
    "TermsId",
    "CreationDate",
    "LastModifiedDate",
    "UserCreateDate",
    "UserLastModifiedDate",
    "CreateDate",
    "UpdateDate",
    "ValidUntil",
    "ClientSecretArn",
}


def settled(value):
    """An answer without what no document pins."""
    if isinstance(value, dict):
        return {
            key: settled(of) for key, of in value.items() if key not in VOLATILE and key != "ResponseMetadata"
        }
    return [settled(of) for of in value] if isinstance(value, list) else value


def shown(region="us-east-1"):
    """All that boto3 shows of the pools, clients, groups, users, roles and identity pools."""
    idp, iam = (boto3.client(service, region_name=region) for service in ("cognito-idp", "iam"))
    identity = boto3.client("cognito-identity", region_name=region)
    found = []
    for pool in idp.list_user_pools(MaxResults=60)["UserPools"]:
        about = {"UserPoolId": pool["Id"]}
        found += [idp.describe_user_pool(**about), idp.get_user_pool_mfa_config(**about)]
        found += [
            _or_nothing(idp.describe_risk_configuration, **about),
            idp.get_log_delivery_configuration(**about),
            idp.get_user_pool_session_configuration(**about),
        ]
        for client in idp.list_user_pool_clients(**about)["UserPoolClients"]:
            asked = about | {"ClientId": client["ClientId"]}
            found.append(_or_nothing(idp.describe_risk_configuration, **asked))
            found.append(idp.describe_user_pool_client(**asked))
            found.append(_number_of_secrets(idp, asked))
            found.append(idp.get_user_pool_client_session_configuration(**asked))
            branding = _or_nothing(idp.describe_managed_login_branding_by_client, **asked)
            found += [_without_ids(branding), idp.list_terms(**about, MaxResults=60)]
        found += [idp.describe_user_pool_domain(Domain=domain) for domain in found_domains(idp, pool["Id"])]
        for provider in idp.list_identity_providers(**about, MaxResults=60)["Providers"]:
            named = {"ProviderName": provider["ProviderName"]}
            found.append(idp.describe_identity_provider(**about, **named))
        found += [
            without_policy_id(
                idp.describe_cimd_policy(**about, CIMDPolicyId=policy["CIMDPolicyId"])["CIMDPolicy"]
            )
            for policy in idp.list_cimd_policies(**about)["CIMDPolicies"]
        ]
        found += [idp.list_groups(**about), idp.list_users(**about)]
        found += [
            idp.admin_get_user(**about, Username=user["Username"])
            for user in idp.list_users(**about)["Users"]
        ]
        found.append(idp.list_resource_servers(**about, MaxResults=50))
        found += [
            idp.admin_list_groups_for_user(**about, Username=user["Username"])
            for user in idp.list_users(**about)["Users"]
        ]
    for pool in identity.list_identity_pools(MaxResults=60)["IdentityPools"]:
        about = {"IdentityPoolId": pool["IdentityPoolId"]}
        found += [identity.describe_identity_pool(**about), identity.get_identity_pool_roles(**about)]
    found += [*_of_iam(iam)]
    return settled(json.loads(json.dumps(found, default=str)))


def _number_of_secrets(idp, asked):
    try:
        return len(idp.list_user_pool_client_secrets(**asked)["ClientSecrets"])
    except idp.exceptions.InvalidParameterException:  # the client registered itself
        return 0


def _of_iam(iam):
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        yield iam.get_role(RoleName=name)["Role"]
        yield iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        for one in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            yield iam.get_role_policy(RoleName=name, PolicyName=one)
    for user in iam.list_users()["Users"]:
        about = {"UserName": user["UserName"]}
        yield iam.get_user(**about)["User"]
        yield iam.list_groups_for_user(**about)["Groups"]
        yield iam.list_attached_user_policies(**about)["AttachedPolicies"]
        for one in iam.list_user_policies(**about)["PolicyNames"]:
            yield iam.get_user_policy(**about, PolicyName=one)
    for group in iam.list_groups()["Groups"]:
        about = {"GroupName": group["GroupName"]}
        yield iam.get_group(**about)
        yield iam.list_attached_group_policies(**about)["AttachedPolicies"]
        for one in iam.list_group_policies(**about)["PolicyNames"]:
            yield iam.get_group_policy(**about, PolicyName=one)
    for policy in iam.list_policies(Scope="Local")["Policies"]:
        about = {"PolicyArn": policy["Arn"]}
        yield iam.get_policy(**about)["Policy"]
        for version in iam.list_policy_versions(**about)["Versions"]:
            yield iam.get_policy_version(**about, VersionId=version["VersionId"])
    for provider in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        yield iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider["Arn"])
    for provider in iam.list_saml_providers()["SAMLProviderList"]:
        yield iam.get_saml_provider(SAMLProviderArn=provider["Arn"])


def without_policy_id(policy):
    return {key: of for key, of in policy.items() if key != "CIMDPolicyId"}


def without_secrets(value):
    if isinstance(value, dict):
        gone = {"ClientSecret", "UserMFASettingList", "PreferredMfaSetting"}
        return {key: without_secrets(of) for key, of in value.items() if key not in gone}
    return [without_secrets(of) for of in value] if isinstance(value, list) else value


def found_domains(idp, pool_id):
    pool = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    return [pool[key] for key in ("Domain", "CustomDomain") if key in pool]


def _or_nothing(ask, **asked):
    absent = ask.__self__.exceptions
    try:
        return ask(**asked)
    except (absent.ResourceNotFoundException, absent.UserPoolAddOnNotEnabledException):
        return {}


def _without_ids(answer):
    found = answer.get("ManagedLoginBranding", {})
    return {key: of for key, of in found.items() if key != "ManagedLoginBrandingId"}
