"""GlobalSignOut, AdminUserGlobalSignOut and RevokeToken."""

from __future__ import annotations

from support.pool_env import refused
from support.sign_in import FLOWS, password_of, refresh


class TestGlobalSignOut:
    def test_every_token_so_far_is_dead_and_a_sign_in_straight_after_works(self, env):
        first, second = (password_of(env)["AuthenticationResult"] for _ in range(2))
        assert env.idp.global_sign_out(AccessToken=first["AccessToken"])["ResponseMetadata"]
        for result in (first, second):
            with refused("NotAuthorizedException", "Access Token has been revoked"):
                env.idp.get_user(AccessToken=result["AccessToken"])
            with refused("NotAuthorizedException", "Refresh Token has been revoked"):
                refresh(env, result["RefreshToken"])
        result = password_of(env)["AuthenticationResult"]
        assert env.idp.get_user(AccessToken=result["AccessToken"])
        assert refresh(env, result["RefreshToken"])

    def test_it_reaches_other_clients_also_those_without_revocation(self, env):
        result = password_of(env)["AuthenticationResult"]
        env.client_of(ExplicitAuthFlows=FLOWS, EnableTokenRevocation=False)
        other = password_of(env)["AuthenticationResult"]
        env.idp.global_sign_out(AccessToken=result["AccessToken"])
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            env.idp.get_user(AccessToken=other["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(env, other["RefreshToken"])

    def test_garbage_and_an_id_token(self, env):
        for token in ("x", password_of(env)["AuthenticationResult"]["IdToken"]):
            with refused("NotAuthorizedException", "Invalid Access Token"):
                env.idp.global_sign_out(AccessToken=token)

    def test_an_expired_token(self, env):
        token = password_of(env)["AuthenticationResult"]["AccessToken"]
        env.cognito.clock.advance(hours=2)
        with refused("NotAuthorizedException", "Access Token has expired"):
            env.idp.global_sign_out(AccessToken=token)


class TestAdminUserGlobalSignOut:
    def test_every_token_so_far_is_dead(self, env):
        result = password_of(env)["AuthenticationResult"]
        env.idp.admin_user_global_sign_out(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            env.idp.get_user(AccessToken=result["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(env, result["RefreshToken"])

    def test_nobody(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            env.idp.admin_user_global_sign_out(UserPoolId=env.pool_id, Username="bob")


class TestRevokeToken:
    def revoke(self, env, token, **more):
        return env.idp.revoke_token(Token=token, ClientId=env.client_id, **more)

    def test_it_ends_one_sign_in_and_leaves_the_others(self, env):
        first, second = (password_of(env)["AuthenticationResult"] for _ in range(2))
        renewed = refresh(env, first["RefreshToken"])
        self.revoke(env, first["RefreshToken"])
        for token in (first["AccessToken"], renewed["AccessToken"]):
            with refused("NotAuthorizedException", "Access Token has been revoked"):
                env.idp.get_user(AccessToken=token)
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            refresh(env, first["RefreshToken"])
        assert refresh(env, second["RefreshToken"])

    def test_again_is_no_fault(self, env):
        token = password_of(env)["AuthenticationResult"]["RefreshToken"]
        self.revoke(env, token)
        self.revoke(env, token)

    def test_other_kinds_of_token(self, env):
        result = password_of(env)["AuthenticationResult"]
        for kind in ("AccessToken", "IdToken"):
            with refused("UnsupportedTokenTypeException"):
                self.revoke(env, result[kind])

    def test_a_client_without_revocation(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS, "EnableTokenRevocation": False})
        env.add_user()
        with refused("UnsupportedOperationException"):
            self.revoke(env, password_of(env)["AuthenticationResult"]["RefreshToken"])

    def test_another_client_and_a_wrong_or_missing_secret(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS, "GenerateSecret": True})
        env.add_user()
        token, secret = env.sign_in()["RefreshToken"], env.secret
        for more in ({}, {"ClientSecret": "x" * 51}):
            with refused("UnauthorizedException"):
                self.revoke(env, token, **more)
        self.revoke(env, token, ClientSecret=secret)
        env.client_of(ExplicitAuthFlows=FLOWS)
        with refused("UnauthorizedException"):
            self.revoke(env, token)
