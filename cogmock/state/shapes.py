"""The AWS shapes of stored settings: for mypy the generated TypedDicts, at run time plain dicts.

A key that AWS does not know is a type error, so a typing error such as `settings.get("UsernameAttribute")` is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NotRequired

    from cogmock.aws import cognito_identity, cognito_idp

    class UserPoolSettings(cognito_idp.UserPoolType):
        """Members of CreateUserPool and SetUserPoolMfaConfig."""

        SmsMfaConfiguration: NotRequired[cognito_idp.SmsMfaConfigType | None]
        SoftwareTokenMfaConfiguration: NotRequired[cognito_idp.SoftwareTokenMfaConfigType | None]
        EmailMfaConfiguration: NotRequired[cognito_idp.EmailMfaConfigType | None]
        WebAuthnConfiguration: NotRequired[cognito_idp.WebAuthnConfigurationType | None]

    ClientSettings = cognito_idp.UserPoolClientType
    SchemaAttribute = cognito_idp.SchemaAttributeType
    IdentityPoolSettings = cognito_identity.IdentityPool
    RoleMapping = cognito_identity.RoleMapping
else:  # names that typing.get_type_hints can resolve
    UserPoolSettings = ClientSettings = SchemaAttribute = dict[str, Any]
    IdentityPoolSettings = RoleMapping = dict[str, Any]
