"""User import: jobs, their CSV files, the users that come of them, and their passwords."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import requests
from botocore.exceptions import ClientError
from support.pool_env import OTHER, PASSWORD, connect, refused
from support.waiting import LIMIT, LONG, until

argon2 = pytest.importorskip("argon2")  # both belong to the extra `hashes`
bcrypt = pytest.importorskip("bcrypt")

ROLE = "arn:aws:iam::123456789012:role/import-logs"
KMS = {"x-amz-server-side-encryption": "aws:kms"}
ACTIVE = {"Pending", "InProgress"}
SALT = b"sixteen bytes !!"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"]


class Importer:
    """A pool that verifies e-mail addresses, and short ways to import users into it."""

    def __init__(self, env):
        self.env, self.idp, self.pool_id = env, env.idp, env.pool_id
        self.columns = self.idp.get_csv_header(UserPoolId=self.pool_id)["CSVHeader"]

    def create(self, name="autumn", **more):
        more = {"CloudWatchLogsRoleArn": ROLE, **more}
        answer = self.idp.create_user_import_job(UserPoolId=self.pool_id, JobName=name, **more)
        return answer["UserImportJob"]

    def job(self, of):
        return self.idp.describe_user_import_job(UserPoolId=self.pool_id, JobId=of["JobId"])["UserImportJob"]

    def start(self, job):
        return self.idp.start_user_import_job(UserPoolId=self.pool_id, JobId=job["JobId"])["UserImportJob"]

    def stop(self, job):
        return self.idp.stop_user_import_job(UserPoolId=self.pool_id, JobId=job["JobId"])["UserImportJob"]

    def finished(self, job):
        """The job once it has ended."""

        def ended():
            found = self.job(job)
            return found["Status"] not in ACTIVE and found

        return until(ended, 100)

    def line(self, **values):
        usual = {
            "cognito:username": "ada",
            "email": f"{values.get('cognito:username', 'ada')}@example.com",
            "email_verified": "TRUE",
            "cognito:mfa_enabled": "FALSE",
        }
        return ",".join({**usual, **values}.get(column, "") for column in self.columns)

    def file(self, *lines):
        return "\n".join([",".join(self.columns), *lines]) + "\n"

    def run(self, content, **more):
        """The ended job of a file: bytes, or text."""
        job = self.create(**more)
        put(job, content if isinstance(content, bytes) else content.encode())
        self.start(job)
        return self.finished(job)

    def hashed(self, algorithm, text, **values):
        self.columns = [*self.columns, "password_hash"]
        text = text.replace(",", "\\,")
        return self.run(
            self.file(self.line(password_hash=text, **values)), PasswordHashingAlgorithm=algorithm
        )

    def log(self, job):
        return [event.message for event in self.env.cognito.logs(stream=f"{job['JobId']}/{job['JobName']}")]


def put(job, content=b"x", headers=KMS):
    return requests.put(job["PreSignedUrl"], data=content, headers=headers, timeout=30)


def counts(job):
    return job["ImportedUsers"], job["SkippedUsers"], job["FailedUsers"]


@pytest.fixture
def importing(found):
    def importing(*, client=None, **settings):
        settings = {"AutoVerifiedAttributes": ["email"], **settings}
        return Importer(found(client={"ExplicitAuthFlows": FLOWS, **(client or {})}, **settings))

    return importing


@pytest.fixture
def importer(importing):
    return importing()


class TestGetCSVHeader:
    def test_standard_attributes_then_the_two_of_the_user(self, importer):
        assert importer.columns == [
            *("name", "given_name", "family_name", "middle_name", "nickname", "preferred_username"),
            *("profile", "picture", "website", "email", "email_verified", "gender", "birthdate"),
            *("zoneinfo", "locale", "phone_number", "phone_number_verified", "address", "updated_at"),
            *("cognito:mfa_enabled", "cognito:username"),
        ]

    def test_custom_attributes_come_before_those(self, importing):
        columns = importing(Schema=[{"Name": "tier", "AttributeDataType": "String"}]).columns
        assert columns[-3:] == ["custom:tier", "cognito:mfa_enabled", "cognito:username"]

    def test_an_unknown_pool(self, idp):
        with refused("ResourceNotFoundException", "User pool us-east-1_nope does not exist."):
            idp.get_csv_header(UserPoolId="us-east-1_nope")


class TestCreateUserImportJob:
    def test_the_job(self, importer):
        job = importer.create(PasswordHashingAlgorithm="BCRYPT")
        assert re.fullmatch(r"import-[0-9A-Za-z]{10}", job.pop("JobId"))
        assert job.pop("CreationDate")
        assert job.pop("PreSignedUrl").startswith("https://")
        assert job == {
            "JobName": "autumn",
            "UserPoolId": importer.pool_id,
            "Status": "Created",
            "CloudWatchLogsRoleArn": ROLE,
            "ImportedUsers": 0,
            "SkippedUsers": 0,
            "FailedUsers": 0,
            "PasswordHashingAlgorithm": "BCRYPT",
        }

    def test_the_url_is_signed_for_a_quarter_of_an_hour(self, importer):
        query = parse_qs(urlsplit(importer.create()["PreSignedUrl"]).query)
        assert query["X-Amz-Expires"] == ["900"]
        assert query["X-Amz-SignedHeaders"] == ["host;x-amz-server-side-encryption"]

    @pytest.mark.parametrize("role", ["arn:aws:iam::123456789012:user/ada", "arn:aws:s3:::bucket-of-mine"])
    def test_the_role_must_be_a_role(self, importer, role):
        with refused("InvalidParameterException"):
            importer.create(CloudWatchLogsRoleArn=role)

    def test_an_unknown_algorithm(self, importer):
        with refused("InvalidParameterException") as caught:
            importer.create(PasswordHashingAlgorithm="MD5")
        assert "[BCRYPT, SCRYPT, ARGON2ID, PBKDF2_SHA256]" in str(caught.value)

    def test_a_library_that_is_not_installed_is_named(self, importer, monkeypatch):
        monkeypatch.setattr("cogmock.crypto.password_hashes.find_spec", lambda _: None)
        with refused("InvalidParameterException") as caught:
            importer.create(PasswordHashingAlgorithm="ARGON2ID")
        assert "pip install 'cogmock[hashes]'" in str(caught.value)
        importer.create(PasswordHashingAlgorithm="SCRYPT")

    @pytest.mark.slow
    def test_a_pool_has_at_most_a_thousand(self, importer):
        for _ in range(1000):
            importer.create()
        with refused("LimitExceededException"):
            importer.create()


class TestUpload:
    def test_by_requests_urllib_and_httpx(self, importer):
        from urllib.request import Request, urlopen

        content = importer.file(importer.line()).encode()
        url = importer.create()["PreSignedUrl"]
        assert (requests.put(url, data=content, headers=KMS, timeout=30).status_code) == 200
        assert httpx.put(url, content=content, headers=KMS).content == b""
        with urlopen(Request(url, data=content, headers=KMS, method="PUT")) as answer:
            assert answer.status == 200

    def test_the_last_file_counts(self, importer):
        job = importer.create()
        put(job, b"nothing")
        put(job, importer.file(importer.line()).encode())
        importer.start(job)
        assert importer.finished(job)["Status"] == "Succeeded"

    def test_after_a_quarter_of_an_hour_it_is_refused(self, importer):
        job = importer.create()
        importer.env.cognito.clock.advance(minutes=15)
        answer = put(job)
        assert answer.status_code == 403
        assert "<Code>AccessDenied</Code><Message>Request has expired</Message>" in answer.text

    def test_a_changed_url_is_refused(self, importer):
        job = importer.create()
        for url in (job["PreSignedUrl"][:-1], job["PreSignedUrl"].replace(job["JobId"], "import-0")):
            answer = put({"PreSignedUrl": url})
            assert (answer.status_code, "SignatureDoesNotMatch" in answer.text) == (403, True)

    def test_a_file_that_is_too_large(self, importer, monkeypatch):
        monkeypatch.setattr("cogmock.userpools.rules.importing.csv_file.LARGEST", 100)
        answer = put(importer.create(), b"x" * 101)
        assert (answer.status_code, "EntityTooLarge" in answer.text) == (400, True)

    def test_without_the_header_it_is_taken_with_a_warning(self, importer, caplog):
        assert put(importer.create(), headers={}).status_code == 200
        assert "x-amz-server-side-encryption: aws:kms" in caplog.text

    def test_a_file_for_a_job_that_has_ended_is_ignored_with_a_warning(self, importer, caplog):
        job = importer.run(importer.file(importer.line()))
        assert put(job).status_code == 200
        assert "is ignored, because the job is Succeeded" in caplog.text

    def test_on_a_server(self, cognito_server):
        idp = cognito_server.client("cognito-idp")
        pool = idp.create_user_pool(PoolName="shop", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
        job = idp.create_user_import_job(UserPoolId=pool, JobName="autumn", CloudWatchLogsRoleArn=ROLE)
        job = job["UserImportJob"]
        assert job["PreSignedUrl"].startswith(f"{cognito_server.url}/aws-cognito-idp-user-import-us-east-1/")
        assert put(job, b"nothing").status_code == 200
        idp.start_user_import_job(UserPoolId=pool, JobId=job["JobId"])

    def test_on_a_server_that_protects_s3(self):
        from cogmock.testing.server import CognitoServer

        with CognitoServer(protect=("s3=http://127.0.0.1:9",)) as server:
            idp = server.client("cognito-idp")
            pool = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
            job = idp.create_user_import_job(UserPoolId=pool, JobName="x", CloudWatchLogsRoleArn=ROLE)
            assert put(job["UserImportJob"]).status_code == 200

    def test_beside_moto(self, importer):
        moto = pytest.importorskip("moto")
        with moto.mock_aws():
            assert put(importer.create()).status_code == 200


class TestStartUserImportJob:
    def test_users_have_to_reset_their_passwords(self, importer):
        job = importer.run(importer.file(importer.line(name="Ada Lovelace", updated_at="1700000000")))
        assert (job["Status"], job["CompletionMessage"]) == (
            "Succeeded",
            "Import Job Completed Successfully.",
        )
        assert job["CreationDate"] <= job["StartDate"] <= job["CompletionDate"]
        assert counts(job) == (1, 0, 0)
        user = importer.env.user()
        assert (user["UserStatus"], user["Enabled"]) == ("RESET_REQUIRED", True)
        assert importer.env.attributes()["email_verified"] == "true"
        assert importer.env.attributes()["name"] == "Ada Lovelace"
        with refused("PasswordResetRequiredException"):
            importer.env.sign_in()
        importer.env.forgot()
        importer.env.confirm_forgot()
        assert importer.env.sign_in(password=OTHER)["AccessToken"]

    def test_a_client_that_hides_who_exists_hides_imported_users(self, importing):
        importer = importing(client={"PreventUserExistenceErrors": "ENABLED"})
        importer.run(importer.file(importer.line()))
        with refused("NotAuthorizedException", "Incorrect username or password."):
            importer.env.sign_in()

    def test_the_answer_is_pending(self, importer):
        job = importer.create()
        put(job, importer.file(importer.line()).encode())
        started = importer.start(job)
        assert started["Status"] == "Pending"
        assert started["StartDate"]
        assert "CompletionDate" not in started

    def test_no_trigger_runs_and_no_message_is_sent(self, importing):
        arn = "arn:aws:lambda:us-east-1:123456789012:function:"
        importer = importing(LambdaConfig={"PreSignUp": f"{arn}pre", "PostConfirmation": f"{arn}post"})
        importer.run(importer.file(importer.line()))
        assert importer.env.status() == "RESET_REQUIRED"
        assert list(importer.env.cognito.functions.calls) == []
        assert len(importer.env.cognito.messages) == 0

    def test_passwordless_users_sign_in_by_code(self, importing):
        policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
        importer = importing(Policies=policy)
        importer.run(importer.file(importer.line()))
        asked = importer.idp.initiate_auth(
            ClientId=importer.env.client_id,
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": "ada", "PREFERRED_CHALLENGE": "EMAIL_OTP"},
        )
        answer = importer.idp.respond_to_auth_challenge(
            ClientId=importer.env.client_id,
            ChallengeName=asked["ChallengeName"],
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ada", "EMAIL_OTP_CODE": importer.env.code()},
        )
        assert answer["AuthenticationResult"]["IdToken"]

    def test_without_a_file(self, importer):
        job = importer.create()
        with refused("PreconditionNotMetException", f"No csv file was uploaded for {job['JobId']}"):
            importer.start(job)

    def test_a_job_starts_once(self, importer):
        job = importer.run(importer.file(importer.line()))
        with refused("PreconditionNotMetException"):
            importer.start(job)

    def test_a_pool_that_verifies_nothing(self, importing):
        importer = importing(AutoVerifiedAttributes=[])
        job = importer.create()
        put(job)
        with refused("PreconditionNotMetException"):
            importer.start(job)

    def test_unknown_jobs_and_jobs_of_other_pools(self, importing):
        one, other = importing(), importing()
        for job in ({"JobId": "import-0000000000"}, other.create()):
            with refused("ResourceNotFoundException"):
                one.start(job)

    def test_while_it_runs_no_other_starts_and_the_pool_stays_as_it_is(self, importer, paused):
        job, other = importer.create(), importer.create("winter")
        for each in (job, other):
            put(each, importer.file(importer.line()).encode())
        with paused:
            importer.start(job)
            with refused("PreconditionNotMetException"):
                importer.start(other)
            changes = [
                (importer.idp.update_user_pool, {}),
                (importer.idp.delete_user_pool, {}),
                (
                    importer.idp.add_custom_attributes,
                    {"CustomAttributes": [{"Name": "tier", "AttributeDataType": "String"}]},
                ),
            ]
            for change, more in changes:
                with refused("UserImportInProgressException"):
                    change(UserPoolId=importer.pool_id, **more)
            with refused("OperationNotEnabledException"):
                importer.idp.initiate_point_in_time_recovery(UserPoolId=importer.pool_id, RestoreTimestamp=0)
        importer.finished(job)
        importer.start(other)
        importer.idp.delete_user_pool(UserPoolId=importer.finished(other)["UserPoolId"])

    def test_an_account_has_one_active_job_whatever_the_pool(self, importing, paused):
        one, other = importing(), importing()
        jobs = [(each, each.create()) for each in (one, other)]
        for each, job in jobs:
            put(job, each.file(each.line()).encode())
        with paused:
            one.start(jobs[0][1])
            with refused("PreconditionNotMetException"):
                other.start(jobs[1][1])
        one.finished(jobs[0][1])
        other.start(jobs[1][1])
        assert other.finished(jobs[1][1])["Status"] == "Succeeded"

    def test_users_are_as_old_as_their_import(self, importer):
        job = importer.create()
        put(job, importer.file(importer.line(updated_at="1700000000")).encode())
        importer.env.cognito.clock.advance(hours=2)
        started = importer.start(job)["StartDate"]
        ended = importer.finished(job)["CompletionDate"]
        user = importer.env.user()
        assert started <= user["UserCreateDate"] == user["UserLastModifiedDate"] <= ended

    def test_every_answer_names_the_algorithm(self, importer, paused):
        job = importer.create(PasswordHashingAlgorithm="SCRYPT")
        put(job, importer.file(importer.line()).encode())
        with paused:
            answers = [importer.job(job), importer.start(job), importer.stop(job)]
        answers += importer.idp.list_user_import_jobs(UserPoolId=importer.pool_id, MaxResults=1)[
            "UserImportJobs"
        ]
        assert [each["PasswordHashingAlgorithm"] for each in answers] == ["SCRYPT"] * 4
        assert "PasswordHashingAlgorithm" not in importer.create("plain")

    def test_a_role_that_cognito_cannot_assume(self, importer):
        import boto3

        trust = (
            '{"Statement": {"Effect": "Allow", "Principal": {"Service": "%s"}, "Action": "sts:AssumeRole"}}'
        )
        iam = boto3.client("iam")
        iam.create_role(RoleName="import-logs", AssumeRolePolicyDocument=trust % "ec2.amazonaws.com")
        job = importer.run(importer.file(importer.line()))
        assert (job["Status"], counts(job)) == ("Failed", (0, 0, 0))
        assert "role" in job["CompletionMessage"]
        iam.update_assume_role_policy(
            RoleName="import-logs", PolicyDocument=trust % "cognito-idp.amazonaws.com"
        )
        assert importer.run(importer.file(importer.line()))["Status"] == "Succeeded"

    def test_ten_thousand_users(self, importer):
        lines = [importer.line(**{"cognito:username": f"user{n}"}) for n in range(10_000)]
        job = importer.run(importer.file(*lines))
        assert (job["Status"], counts(job)) == ("Succeeded", (10_000, 0, 0))
        assert importer.env.status("user9999") == "RESET_REQUIRED"

    def test_users_who_sign_in_by_their_address(self, importing):
        importer = importing(UsernameAttributes=["email"])
        importer.run(importer.file(importer.line(**{"cognito:username": "ada@example.com", "email": ""})))
        user = importer.env.user("ada@example.com")
        assert user["Username"] == importer.env.attributes("ada@example.com")["sub"]


class TestFiles:
    def test_lines_are_logged_without_data_of_users(self, importer):
        importer.env.create("grace")
        job = importer.run(
            importer.file(
                importer.line(),
                importer.line(**{"cognito:username": "grace"}),
                importer.line(**{"cognito:username": "hedy", "email_verified": "false"}),
            )
        )
        assert counts(job) == (1, 1, 1)
        assert importer.log(job) == [
            "[SUCCEEDED] Line Number 2 - The import succeeded.",
            "[SKIPPED] Line Number 3 - The user already exists.",
            "[FAILED] Line Number 4 - The User Record does not set any of the auto verified attributes to true. "
            "(Example: email_verified to true).",
        ]
        group = f"/aws/cognito/userpools/{importer.pool_id}/shop"
        assert {event.log_group for event in importer.env.cognito.logs()} == {group}

    def test_too_many_failures_fail_the_job(self, importer):
        importer.env.create()
        job = importer.run(importer.file(importer.line()))
        assert (job["Status"], counts(job)) == ("Failed", (0, 1, 0))
        assert job["CompletionMessage"] == "Too many users have failed or been skipped during the import."

    @pytest.mark.parametrize(
        "values",
        [
            {"cognito:username": ""},
            {"cognito:username": "ada lovelace"},
            {"cognito:username": "ada\tlovelace"},
            {"cognito:username": "a" * 129},
            {"email": ""},
            {"email": "nobody"},
            {"phone_number": "0123"},
            {"updated_at": "yesterday"},
            {"birthdate": "1815-12-10"},
            {"birthdate": "13/10/1815"},
            {"cognito:mfa_enabled": ""},
            {"cognito:mfa_enabled": "true"},
            {"cognito:mfa_enabled": "perhaps"},
            {"phone_number_verified": "perhaps"},
            {"name": "x" * 2049},
            {"name": "x" * 16_000},
            {"name": "one,too many"},
        ],
    )
    def test_faulty_rows_fail_and_the_others_are_imported(self, importer, values):
        good = importer.line(**{"cognito:username": "grace"})
        job = importer.run(importer.file(importer.line(**values), good))
        assert counts(job) == (1, 0, 1), importer.log(job)
        assert importer.log(job)[0].startswith("[FAILED] Line Number 2 - ")
        assert importer.env.user("grace")

    def test_required_attributes_must_be_there(self, importing):
        importer = importing(Schema=[{"Name": "name", "Required": True}])
        job = importer.run(
            importer.file(importer.line(), importer.line(**{"cognito:username": "grace", "name": "Grace"}))
        )
        assert counts(job) == (1, 0, 1)

    def test_an_alias_that_another_user_has(self, importing):
        importer = importing(AliasAttributes=["email"])
        importer.env.create("grace", attributes={"email": "x@example.com", "email_verified": "true"})
        job = importer.run(importer.file(importer.line(email="x@example.com"), importer.line()))
        assert importer.log(job)[0].startswith("[FAILED] Line Number 2")
        assert counts(job) == (1, 0, 1)

    def test_commas_are_escaped_values_trimmed_and_quotes_kept(self, importer):
        importer.run(importer.file(importer.line(name='  Lovelace\\, "Ada" ', birthdate="12/10/1815")))
        attributes = importer.env.attributes()
        assert (attributes["name"], attributes["birthdate"]) == ('Lovelace, "Ada"', "12/10/1815")

    def test_columns_in_any_order_lines_of_windows_and_blank_lines(self, importer):
        importer.columns = importer.columns[::-1]
        content = importer.file(importer.line(), "", importer.line(**{"cognito:username": "grace"}), "")
        job = importer.run(content.replace("\n", "\r\n"))
        assert counts(job) == (2, 0, 0)
        assert importer.log(job)[1].startswith("[SUCCEEDED] Line Number 4")

    @pytest.mark.parametrize(
        ("made", "message"),
        [
            (lambda text: b"\xef\xbb\xbf" + text, "byte order mark"),
            (lambda text: text.decode().encode("utf-16"), "UTF-8"),
            (lambda text: text + b"\xff", "UTF-8"),
            (lambda _: b"", "no header"),
            (lambda _: b"\n\n", "no header"),
            (lambda _: b"\x00\x01\x02", "lacks the column name"),
            (lambda text: text.replace(b"email,", b""), "lacks the column email"),
            (lambda text: text.replace(b"name,", b"name,name,", 1), "twice"),
            (lambda text: text.replace(b"name,", b"name,shoe_size,", 1), "unknown column shoe_size"),
            (lambda text: text.replace(b"name,", b"name,password_hash,", 1), "unknown column password_hash"),
            (lambda _: b"x" * 200_000, "lacks the column"),
        ],
    )
    def test_files_that_cannot_be_read(self, importer, made, message):
        job = importer.run(made(importer.file(importer.line()).encode()))
        assert (job["Status"], counts(job)) == ("Failed", (0, 0, 0))
        assert message in job["CompletionMessage"]
        assert len(job["CompletionMessage"]) <= 128
        assert importer.log(job) == [f"[FAILED] {job['CompletionMessage']}"]

    def test_more_rows_than_aws_takes(self, importer):
        job = importer.run(importer.file() + "\n" * 500_001)
        assert job["CompletionMessage"] == "The CSV file has more than 500000 rows."

    def test_ten_thousand_faulty_rows(self, importer):
        job = importer.run(importer.file(*['"unbalanced, "\x00' for _ in range(10_000)]))
        assert (job["Status"], counts(job)) == ("Failed", (0, 0, 10_000))

    def test_mfa(self, importing):
        importer = importing()
        importer.idp.set_user_pool_mfa_config(
            UserPoolId=importer.pool_id,
            MfaConfiguration="ON",
            SmsMfaConfiguration={"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}},
        )
        job = importer.run(
            importer.file(
                importer.line(**{"cognito:mfa_enabled": "TRUE", "phone_number": "+15550001111"}),
                importer.line(**{"cognito:username": "grace"}),
            )
        )
        assert counts(job) == (1, 0, 1)
        assert importer.env.user()["UserMFASettingList"] == ["SMS_MFA"]

    def test_where_mfa_is_optional_users_may_have_it_or_not(self, importer):
        importer.idp.set_user_pool_mfa_config(
            UserPoolId=importer.pool_id,
            MfaConfiguration="OPTIONAL",
            SmsMfaConfiguration={"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}},
        )
        job = importer.run(
            importer.file(
                importer.line(**{"cognito:mfa_enabled": "true", "phone_number": "+15550001111"}),
                importer.line(**{"cognito:username": "grace", "cognito:mfa_enabled": "False"}),
            )
        )
        assert counts(job) == (2, 0, 0)
        assert importer.env.user()["UserMFASettingList"] == ["SMS_MFA"]
        assert "UserMFASettingList" not in importer.env.user("grace")

    def test_an_export_can_be_imported(self, importer):
        from cogmock.definitions.exporting import users

        importer.env.create(
            attributes={"email": "ada@example.com", "email_verified": "true", "name": 'Lovelace, "Ada"'}
        )
        importer.env.admin_update(birthdate="1815-12-10")
        before = importer.env.attributes()
        with importer.env.cognito.world.lock:
            text = users.as_csv(importer.env.cognito.world.find_pool(importer.pool_id)[1])
        importer.idp.admin_delete_user(UserPoolId=importer.pool_id, Username="ada")
        assert importer.run(text)["Status"] == "Succeeded"
        after = importer.env.attributes()
        assert after.pop("sub") != before.pop("sub")
        assert after == before | {"birthdate": "12/10/1815"}


def encoded(of):
    return b64encode(of).decode().rstrip("=")


def pbkdf2(rounds, salt=SALT):
    return hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt, rounds)


HASHES = {
    "bcrypt": ("BCRYPT", lambda: bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()),
    "bcrypt of PHP": (
        "BCRYPT",
        lambda: bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode().replace("$2b$", "$2y$"),
    ),
    "argon2id": ("ARGON2ID", lambda: argon2.PasswordHasher(1, 64, 1).hash(PASSWORD)),
    "scrypt": (
        "SCRYPT",
        lambda: f"$scrypt$ln=4,r=8,p=1${encoded(SALT)}$"
        + encoded(hashlib.scrypt(PASSWORD.encode(), salt=SALT, n=16, r=8, p=1)),
    ),
    "pbkdf2": ("PBKDF2_SHA256", lambda: f"$pbkdf2-sha256$i=10${encoded(SALT)}${encoded(pbkdf2(10))}"),
    "pbkdf2 of passlib": (
        "PBKDF2_SHA256",
        lambda: f"$pbkdf2-sha256$10${encoded(SALT)}${encoded(pbkdf2(10))}".replace("+", "."),
    ),
    "pbkdf2 of Django": (
        "PBKDF2_SHA256",
        lambda: f"pbkdf2_sha256$10$salt${b64encode(pbkdf2(10, b'salt')).decode()}",
    ),
}


class TestHashes:
    @pytest.mark.parametrize("kind", HASHES)
    def test_old_passwords_sign_in(self, importer, kind):
        algorithm, made = HASHES[kind]
        job = importer.hashed(algorithm, made())
        assert job["Status"] == "Succeeded", importer.log(job)
        assert importer.env.status() == "CONFIRMED"
        with refused("NotAuthorizedException", "Incorrect username or password."):
            importer.env.sign_in(password=OTHER)
        assert importer.env.sign_in()["AccessToken"]

    def test_srp_works_from_the_second_sign_in_on(self, importer):
        importer.hashed(*hash_of("bcrypt"))
        with refused("NotAuthorizedException", "Incorrect username or password."):
            by_srp(importer)
        assert "imported hash" in importer.env.cognito.requests[-1].reason
        importer.env.sign_in()
        assert by_srp(importer)["AccessToken"]

    def test_a_right_password_replaces_the_hash(self, importer):
        importer.hashed(*hash_of("bcrypt"))
        user = importer.env.cognito.world.find_pool(importer.pool_id)[1].users["ada"]
        importer.env.sign_in()
        assert (user.imported_hash, user.has_password) == (None, True)
        importer.env.sign_in()

    def test_the_user_has_a_password(self, importer):
        importer.hashed(*hash_of("bcrypt"))
        about = {"UserPoolId": importer.pool_id, "Username": "ada"}
        factors = importer.idp.admin_get_user_auth_factors(**about)["ConfiguredUserAuthFactors"]
        assert "PASSWORD" in factors

    def test_it_can_be_changed(self, importer):
        importer.hashed(*hash_of("bcrypt"))
        token = importer.env.token_of("ada")
        change = {"AccessToken": token, "ProposedPassword": OTHER}
        with refused("NotAuthorizedException"):
            importer.idp.change_password(PreviousPassword="Wr0ng-horse!", **change)
        importer.idp.change_password(PreviousPassword=PASSWORD, **change)
        assert importer.env.sign_in(password=OTHER)

    @pytest.mark.parametrize("reset", ["admin_reset_user_password", "admin_set_user_password"])
    def test_a_reset_ends_it(self, importer, reset):
        importer.hashed(*hash_of("bcrypt"))
        more = {} if "reset" in reset else {"Password": OTHER, "Permanent": True}
        getattr(importer.idp, reset)(UserPoolId=importer.pool_id, Username="ada", **more)
        with pytest.raises(ClientError):
            importer.env.sign_in()

    def test_it_counts_in_the_history(self, importing):
        policy = {"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 2}}
        importer = importing(Policies=policy)
        importer.hashed(*hash_of("bcrypt"))
        with refused("PasswordHistoryPolicyViolationException"):
            importer.idp.admin_set_user_password(
                UserPoolId=importer.pool_id, Username="ada", Password=PASSWORD, Permanent=True
            )

    def test_a_row_without_a_hash_has_to_reset(self, importer):
        importer.hashed("BCRYPT", "")
        assert importer.env.status() == "RESET_REQUIRED"

    @pytest.mark.parametrize(
        ("algorithm", "text"),
        [
            ("BCRYPT", PASSWORD),
            ("BCRYPT", "$1$salt$0123456789012345678901"),
            ("BCRYPT", "$2b$31$" + "a" * 53),
            ("BCRYPT", "$2b$99$" + "a" * 53),
            ("ARGON2ID", "$argon2i$v=19$m=64$,t=1,p=1$c2l4dGVlbiBieXRlcyAhIQ$c2l4dGVlbiBieXRlcyAhIQ"),
            ("ARGON2ID", "$argon2id$v=19$m=999999999,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHQ"),
            ("SCRYPT", "$scrypt$ln=40,r=8,p=1$c2FsdA$c2FsdA"),
            ("SCRYPT", "$scrypt$ln=0,r=0,p=0$c2FsdA$c2FsdA"),
            ("PBKDF2_SHA256", "$pbkdf2-sha256$99999999$c2FsdA$c2FsdA"),
            ("PBKDF2_SHA256", "$pbkdf2-sha512$10$c2FsdA$c2FsdA"),
            ("PBKDF2_SHA256", "x" * 600),
        ],
    )
    def test_what_is_no_hash_of_the_algorithm_fails(self, importer, algorithm, text):
        job = importer.hashed(algorithm, text)
        assert importer.log(job) == [
            f"[FAILED] Line Number 2 - The password hash is not a valid {algorithm} hash."
        ]

    @pytest.mark.parametrize("kind", HASHES)
    def test_hashes_are_of_one_algorithm(self, importer, kind):
        algorithm, made = HASHES[kind]
        other = "SCRYPT" if algorithm != "SCRYPT" else "BCRYPT"
        assert counts(importer.hashed(other, made())) == (0, 0, 1)


def hash_of(kind):
    algorithm, made = HASHES[kind]
    return algorithm, made()


def by_srp(importer):
    from pycognito.aws_srp import AWSSRP

    srp = AWSSRP("ada", PASSWORD, importer.pool_id, importer.env.client_id, client=connect())
    return srp.authenticate_user()["AuthenticationResult"]


@pytest.fixture
def paused(monkeypatch):
    """A context in which jobs that were started wait; at its end they go on."""
    import threading
    from contextlib import contextmanager

    from cogmock.userpools.rules.importing import run

    gate, work = threading.Event(), run._work

    def waiting(*given):
        gate.wait(30)
        work(*given)

    monkeypatch.setattr(run, "_work", waiting)

    @contextmanager
    def paused():
        try:
            yield
        finally:
            gate.set()

    return paused()


class TestStopUserImportJob:
    def test_it_ends_the_job_for_good(self, importer, paused):
        job = importer.create()
        put(job, importer.file(importer.line()).encode())
        with paused:
            importer.start(job)
            stopped = importer.stop(job)
        assert stopped["Status"] == "Stopped"
        assert stopped["CompletionMessage"] == "The Import Job was stopped by the developer."
        assert stopped["CompletionDate"]
        with refused("PreconditionNotMetException"):
            importer.start(job)
        with refused("UserNotFoundException"):
            importer.env.user()

    def test_what_does_not_run_cannot_be_stopped(self, importer):
        for job in (importer.create(), importer.run(importer.file(importer.line()))):
            with refused("PreconditionNotMetException"):
                importer.stop(job)

    def test_users_imported_so_far_stay(self, importer, monkeypatch):
        import threading
        from contextlib import contextmanager

        from cogmock.userpools.rules.importing import run

        halfway, go, batch = threading.Event(), threading.Event(), run._call

        @contextmanager
        def paused_at_two(world, region, pool, kept):
            with batch(world, region, pool, kept) as call:
                yield call
            if kept.imported == 2:
                halfway.set()
                go.wait(LONG)

        monkeypatch.setattr(run, "BATCH", 1)
        monkeypatch.setattr(run, "_call", paused_at_two)
        job = importer.create()
        lines = [importer.line(**{"cognito:username": f"user{n}"}) for n in range(9)]
        put(job, importer.file(*lines).encode())
        importer.start(job)
        assert halfway.wait(LIMIT)
        kept = importer.env.cognito.world.find_pool(importer.pool_id)[1].import_jobs[job["JobId"]]
        assert kept in run._running
        importer.stop(job)
        go.set()
        until(lambda: kept not in run._running)
        users = importer.idp.describe_user_pool(UserPoolId=importer.pool_id)["UserPool"]
        assert importer.job(job)["ImportedUsers"] == users["EstimatedNumberOfUsers"] == 2


class TestDescribeUserImportJob:
    def test_a_job_that_is_not_started_in_a_day_expires(self, importer):
        job = importer.create()
        put(job, importer.file(importer.line()).encode())
        importer.env.cognito.clock.advance(hours=23)
        assert importer.job(job)["Status"] == "Created"
        importer.env.cognito.clock.advance(hours=1)
        expired = importer.job(job)
        assert expired["Status"] == "Expired"
        assert expired["CompletionMessage"] == "The user import job has expired."
        with refused("PreconditionNotMetException"):
            importer.start(job)

    def test_a_running_job_without_a_thread_goes_on_where_it_was(self, importer):
        job = importer.create()
        put(job, importer.file(importer.line(), importer.line(**{"cognito:username": "grace"})).encode())
        kept = importer.env.cognito.world.find_pool(importer.pool_id)[1].import_jobs[job["JobId"]]
        kept.status, kept.started, kept.rows_done, kept.imported = "InProgress", kept.created, 1, 1
        assert counts(importer.finished(job)) == (2, 0, 0)
        assert importer.env.user("grace")
        with refused("UserNotFoundException"):
            importer.env.user("ada")

    def test_unknown_jobs(self, importer):
        with refused("ResourceNotFoundException"):
            importer.job({"JobId": "import-0000000000"})

    def test_a_fault_inside_ends_the_job(self, importer, monkeypatch, caplog):
        def fail(*_):
            raise RuntimeError("inside")

        monkeypatch.setattr("cogmock.userpools.rules.importing.record.take", fail)
        job = importer.run(importer.file(importer.line()))
        assert (job["Status"], "internal error" in job["CompletionMessage"]) == ("Failed", True)
        assert "please report it" in caplog.text


class TestListUserImportJobs:
    def test_newest_first_in_pages(self, importer):
        made = [importer.create(f"job{n}")["JobId"] for n in range(5)][::-1]
        about = {"UserPoolId": importer.pool_id, "MaxResults": 2}
        first = importer.idp.list_user_import_jobs(**about)
        pool, job, created = first["PaginationToken"].split("#")
        assert (pool, job) == (importer.pool_id, made[1])
        assert int(created) == int(first["UserImportJobs"][-1]["CreationDate"].timestamp() * 1000)
        importer.create("newer")
        found = [each["JobId"] for each in first["UserImportJobs"]]
        token = first["PaginationToken"]
        while token:
            page = importer.idp.list_user_import_jobs(**about, PaginationToken=token)
            found += [each["JobId"] for each in page["UserImportJobs"]]
            token = page.get("PaginationToken")
        assert found == made

    def test_a_token_of_nothing(self, importer):
        with refused("InvalidParameterException"):
            importer.idp.list_user_import_jobs(
                UserPoolId=importer.pool_id, MaxResults=1, PaginationToken="nope"
            )

    def test_none(self, importer):
        answer = importer.idp.list_user_import_jobs(UserPoolId=importer.pool_id, MaxResults=1)
        assert answer["UserImportJobs"] == []
