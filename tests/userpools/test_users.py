import pytest
from people import PASSWORD, refused


class TestAdminCreateUser:
    def test_it_answers_the_user_who_must_change_the_password(self, town):
        user = town.create(attributes={"email": "ada@example.com"})
        assert user["Username"] == "ada"
        assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
        assert user["Enabled"] is True
        assert [of["Name"] for of in user["Attributes"]] == ["sub", "email"]
        assert user["UserCreateDate"] == user["UserLastModifiedDate"]

    def test_the_sub_is_a_uuid(self, town):
        sub = town.create()["Attributes"][0]["Value"]
        assert [len(part) for part in sub.split("-")] == [8, 4, 4, 4, 12]
        assert sub == sub.lower()

    def test_the_invitation_bears_name_and_temporary_password(self, town):
        town.create(attributes={"email": "ada@example.com"}, DesiredDeliveryMediums=["EMAIL"])
        message = town.cognito.messages.last(username="ada")
        assert message.medium == "EMAIL"
        assert message.destination == "ada@example.com"
        assert message.subject == "Your temporary password"
        assert "Your username is ada and temporary password is " in message.body
        assert message.trigger_source == "CustomMessage_AdminCreateUser"

    def test_a_taken_name_is_refused(self, town):
        town.create()
        with refused("UsernameExistsException", "User account already exists"):
            town.create()

    def test_suppress_sends_nothing(self, town):
        town.create(attributes={"email": "ada@example.com"}, MessageAction="SUPPRESS")
        assert len(town.cognito.messages) == 0


class TestAdminGetUser:
    def test_it_finds_by_name_and_by_sub(self, town):
        sub = town.create()["Attributes"][0]["Value"]
        assert town.user("ada")["UserAttributes"] == town.user(sub)["UserAttributes"]
        assert town.user(sub)["Username"] == "ada"

    def test_unknown_users_do_not_exist(self, town):
        with refused("UserNotFoundException", "User does not exist."):
            town.user("nobody")

    def test_unknown_pools_do_not_exist(self, town):
        with refused("ResourceNotFoundException", "User pool us-east-1_Abc does not exist."):
            town.idp.admin_get_user(UserPoolId="us-east-1_Abc", Username="ada")


class TestListUsers:
    @pytest.mark.parametrize("text", ['email = "ada@example.com"', 'email^="ada"', 'status = "Enabled"'])
    def test_it_filters(self, town, text):
        town.create("ada", attributes={"email": "ada@example.com"})
        found = town.idp.list_users(UserPoolId=town.pool_id, Filter=text)["Users"]
        assert [user["Username"] for user in found] == ["ada"]


class TestAdminSetUserPassword:
    def test_permanent_confirms_the_user(self, town):
        town.resident(password=PASSWORD)
        assert town.status() == "CONFIRMED"


class TestSignUpToConfirmed:
    def test_the_code_that_was_sent_confirms(self, mail_town):
        answer = mail_town.sign_up(attributes={"email": "ada@example.com"})
        assert answer["UserConfirmed"] is False
        assert answer["CodeDeliveryDetails"] == {
            "Destination": "a***@e***",
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
        mail_town.confirm()
        assert mail_town.status() == "CONFIRMED"
        assert mail_town.attributes()["email_verified"] == "true"
