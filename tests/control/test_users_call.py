"""GET /_cogmock/users: the users who were created last."""

import pytest


@pytest.fixture
def pool(aws):
    made = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
    for name in ("ada", "grace", "linus"):
        mail = [{"Name": "email", "Value": f"{name}@example.com"}]
        aws("AdminCreateUser", UserPoolId=made, Username=name, MessageAction="SUPPRESS", UserAttributes=mail)
    return made


def _names(answer):
    return [each["username"] for each in answer.json["users"]]


class TestNewest:
    def test_come_first(self, control, pool):
        answer = control("GET", f"/users?user_pool_id={pool}")
        assert _names(answer) == ["linus", "grace", "ada"]
        assert (answer.json["more"], answer.json["user_count"]) == (False, 3)

    def test_come_page_by_page(self, control, pool):
        first = control("GET", f"/users?user_pool_id={pool}&limit=2")
        assert (_names(first), first.json["more"]) == (["linus", "grace"], True)
        last = first.json["users"][-1]["number"]
        rest = control("GET", f"/users?user_pool_id={pool}&limit=2&before={last}")
        assert (_names(rest), rest.json["more"]) == (["ada"], False)

    def test_are_told_with_all_that_lists_show(self, control, aws, pool, world):
        aws("AdminDisableUser", UserPoolId=pool, Username="linus")
        aws(
            "AdminSetUserPassword",
            UserPoolId=pool,
            Username="linus",
            Password="Corr3ct-Horse!",
            Permanent=True,
        )
        preference = {"Enabled": True, "PreferredMfa": True}
        numbers = [{"Name": "phone_number", "Value": "+4917012345"}]
        aws("AdminUpdateUserAttributes", UserPoolId=pool, Username="linus", UserAttributes=numbers)
        aws("AdminSetUserMFAPreference", UserPoolId=pool, Username="linus", SMSMfaSettings=preference)
        told = control("GET", f"/users?user_pool_id={pool}&limit=1").json["users"][0]
        user = world.find_pool(pool)[1].users["linus"]
        assert told.pop("created").endswith("Z")
        assert told.pop("modified").endswith("Z")
        assert told == {
            "number": user.number,
            "username": "linus",
            "status": "CONFIRMED",
            "enabled": False,
            "attributes": {
                "sub": user.sub,
                "email": "linus@example.com",
                "phone_number": "+4917012345",
                "phone_number_verified": "false",
            },
            "mfa": ["SMS_MFA"],
            "preferred_mfa": "SMS_MFA",
        }

    @pytest.mark.parametrize(
        ("query", "status"),
        [("", 400), ("user_pool_id=us-east-1_nowhere00", 400), ("limit=5", 400)]
        + [
            (f"user_pool_id=POOL&{wrong}", 400)
            for wrong in ("limit=1001", "before=x", "limit=-1", "sort=name")
        ],
    )
    def test_refuses_what_it_does_not_know(self, control, pool, query, status):
        assert control("GET", f"/users?{query.replace('POOL', pool)}").status == status
