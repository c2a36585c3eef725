"""Mails that are handed to a real mail server, or written to a directory."""

import asyncio
import datetime
import email
import email.policy
import ipaddress
import socket
import ssl
import threading

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from support.pool_env import PoolEnv, refused
from support.processes import free_port
from support.waiting import LIMIT, LONG, promptly

from cogmock import mock_cognito
from cogmock.core import delivery
from cogmock.core.world import World
from cogmock.settings import Settings

MAIL = {"email": "ada@example.com"}
FAILED = "CodeDeliveryFailureException"


class Mailbox:
    """What a mail server was handed."""

    def __init__(self):
        self.envelopes = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.envelopes.append(envelope)
        return "250 OK"

    def last(self):
        return email.message_from_bytes(self.envelopes[-1].content, policy=email.policy.default)


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Mail servers may take long, as they may on a loaded machine."""
    monkeypatch.setattr(delivery, "PATIENCE", LONG)


@pytest.fixture
def mail_server():
    """Starts mail servers on free ports of this machine: (mailbox, port)."""
    started = []

    def start(mailbox=None, **settings):
        mailbox = mailbox or Mailbox()
        controller = Controller(
            mailbox, hostname="127.0.0.1", port=free_port(), ready_timeout=LIMIT, **settings
        )
        controller.start()
        started.append(controller)
        return mailbox, controller.port

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


def env_of(cognito, **settings):
    return PoolEnv(cognito, **{"AutoVerifiedAttributes": ["email"], **settings})


class Slow(Mailbox):
    """Takes a mail when it is let."""

    def __init__(self):
        super().__init__()
        self.busy, self.may_take = threading.Event(), threading.Event()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.busy.set()
        await asyncio.to_thread(self.may_take.wait, LONG)
        return await super().handle_DATA(server, session, envelope)


class Picky(Mailbox):
    """A mail server that knows none of the recipients."""

    async def handle_RCPT(self, *_):  # noqa: N802 - aiosmtpd's name
        return "550 nobody here"


class TestMailServer:
    def test_it_is_handed_each_mail(self, mail_server):
        mailbox, port = mail_server()
        with mock_cognito(smtp_url=f"smtp://127.0.0.1:{port}") as cognito:
            env = env_of(cognito)
            env.sign_up(attributes=MAIL)
            message = cognito.messages.last()
        envelope = mailbox.envelopes[0]
        assert envelope.rcpt_tos == ["ada@example.com"]
        assert envelope.mail_from == "no-reply@verificationemail.com"
        assert mailbox.last()["From"] == "no-reply@verificationemail.com"
        assert mailbox.last()["To"] == "ada@example.com"
        assert mailbox.last()["Subject"] == "Your verification code"
        assert mailbox.last().get_content_type() == "text/html"
        assert mailbox.last().get_content().strip() == message.body

    def test_from_and_reply_to_are_as_the_pool_says(self, mail_server):
        mailbox, port = mail_server()
        configuration = {"From": "The Shop <shop@example.com>", "ReplyToEmailAddress": "help@example.com"}
        with mock_cognito(smtp_url=f"smtp://127.0.0.1:{port}") as cognito:
            env_of(
                cognito,
                EmailConfiguration={
                    "EmailSendingAccount": "DEVELOPER",
                    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/example.com",
                    **configuration,
                },
            ).sign_up(attributes=MAIL)
        assert mailbox.last()["From"] == "The Shop <shop@example.com>"
        assert mailbox.last()["Reply-To"] == "help@example.com"
        assert mailbox.envelopes[0].mail_from == "shop@example.com"

    def test_markup_and_other_scripts_arrive_as_they_were(self, mail_server):
        mailbox, port = mail_server()
        template = {
            "EmailSubject": "Grüße aus Łódź",
            "EmailMessage": "<p>Dein Code: <b>{####}</b>, 你好</p>",
        }
        with mock_cognito(smtp_url=f"smtp://127.0.0.1:{port}", code="123456") as cognito:
            env_of(cognito, VerificationMessageTemplate=template).sign_up(attributes=MAIL)
        assert mailbox.last()["Subject"] == "Grüße aus Łódź"
        assert mailbox.last().get_content().strip() == "<p>Dein Code: <b>123456</b>, 你好</p>"

    def test_a_line_break_in_a_subject_begins_no_header(self, mail_server):
        mailbox, port = mail_server()
        template = {"EmailSubject": "Hello\nBcc: eve@example.com", "EmailMessage": "Here: {####}"}
        with mock_cognito(smtp_url=f"smtp://127.0.0.1:{port}") as cognito:
            env_of(cognito, VerificationMessageTemplate=template).sign_up(attributes=MAIL)
        assert mailbox.last()["Bcc"] is None
        assert mailbox.envelopes[0].rcpt_tos == ["ada@example.com"]

    def test_texts_are_none_of_its_business(self, mail_server):
        mailbox, port = mail_server()
        with mock_cognito(smtp_url=f"smtp://127.0.0.1:{port}") as cognito:
            env = env_of(cognito, AutoVerifiedAttributes=["phone_number"])
            env.sign_up(attributes={"phone_number": "+15555550134"})
            assert cognito.messages.last().medium == "SMS"
        assert mailbox.envelopes == []

    @pytest.mark.parametrize("scheme", ["smtp", "smtp+starttls"])
    def test_starttls_is_used_where_it_is_offered(self, mail_server, certificate, scheme):
        mailbox, port = mail_server(tls_context=certificate, require_starttls=True)
        with mock_cognito(smtp_url=f"{scheme}://127.0.0.1:{port}") as cognito:
            env_of(cognito).sign_up(attributes=MAIL)
        assert len(mailbox.envelopes) == 1

    def test_starttls_that_is_wanted_and_not_there_fails(self, mail_server):
        mailbox, port = mail_server()
        with mock_cognito(smtp_url=f"smtp+starttls://127.0.0.1:{port}") as cognito, refused(FAILED):
            env_of(cognito).sign_up(attributes=MAIL)
        assert mailbox.envelopes == []

    def test_tls_from_the_first_byte(self, mail_server, certificate):
        mailbox, port = mail_server(ssl_context=certificate)
        with mock_cognito(smtp_url=f"smtps://127.0.0.1:{port}") as cognito:
            env_of(cognito).sign_up(attributes=MAIL)
        assert len(mailbox.envelopes) == 1

    @pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
    @pytest.mark.parametrize(("password", "accepted"), [("p%40ss", True), ("wrong", False)])
    def test_it_is_logged_in_to(self, mail_server, password, accepted):
        def authenticate(server, session, envelope, mechanism, given):
            good = given == LoginPassword(b"shop", b"p@ss")
            return AuthResult(success=good, handled=False)

        mailbox, port = mail_server(authenticator=authenticate, auth_required=True, auth_require_tls=False)
        with mock_cognito(smtp_url=f"smtp://shop:{password}@127.0.0.1:{port}") as cognito:
            env = env_of(cognito)
            if accepted:
                env.sign_up(attributes=MAIL)
            else:
                with refused(FAILED):
                    env.sign_up(attributes=MAIL)
        assert len(mailbox.envelopes) == accepted

    def test_calls_go_on_while_it_takes_its_time(self, mail_server):
        slow, port = mail_server(mailbox=Slow())
        with mock_cognito(smtp_url=f"smtp://127.0.0.1:{port}") as cognito:
            env = env_of(cognito)
            caller = threading.Thread(target=lambda: env.sign_up(attributes=MAIL))
            caller.start()
            assert slow.busy.wait(LIMIT)
            assert env.status() == "UNCONFIRMED"
            assert slow.envelopes == []
            slow.may_take.set()
            caller.join()
        assert len(slow.envelopes) == 1


class TestUnreachableMailServer:
    def test_the_call_fails_as_a_delivery_and_the_user_is_there(self):
        with mock_cognito(smtp_url=f"smtp://127.0.0.1:{free_port()}") as cognito:
            env = env_of(cognito)
            with refused(FAILED, "Unable to deliver message"):
                env.sign_up(attributes=MAIL)
            assert env.status() == "UNCONFIRMED"
            assert cognito.requests[-2].reason

    def test_other_calls_that_deliver_fail_alike(self):
        with mock_cognito(smtp_url=f"smtp://127.0.0.1:{free_port()}") as cognito:
            env = env_of(cognito)
            with refused(FAILED):
                env.create(attributes=MAIL)
            env.add_user("bea", email="bea@example.com", email_verified="true")
            with refused(FAILED):
                env.forgot("bea")
            with refused(FAILED):
                env.update(env.token("bea"), email="new@example.com")

    def test_operations_that_have_no_such_error_succeed(self):
        with mock_cognito(smtp_url=f"smtp://127.0.0.1:{free_port()}") as cognito:
            env = env_of(cognito)
            env.add_user(email="ada@example.com", email_verified="true")
            env.admin_update(email="new@example.com")
            env.admin_update(email_verified="true")
            env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username="ada")
            assert env.status() == "RESET_REQUIRED"

    @pytest.mark.parametrize("drip", [False, True])
    def test_one_that_never_answers_is_given_up_on(self, monkeypatch, drip):
        monkeypatch.setattr(delivery, "PATIENCE", 0.6)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            ended = threading.Event()
            thread = threading.Thread(target=trickle, args=(silent, ended, drip), daemon=True)
            thread.start()
            with mock_cognito(smtp_url=f"smtp://127.0.0.1:{silent.getsockname()[1]}") as cognito:
                env = env_of(cognito)
                with promptly(), refused(FAILED):
                    env.sign_up(attributes=MAIL)
            ended.set()
            thread.join()

    def test_one_that_refuses_the_recipient(self, mail_server):
        _, port = mail_server(mailbox=Picky())
        with mock_cognito(smtp_url=f"smtp://127.0.0.1:{port}") as cognito, refused(FAILED):
            env_of(cognito).sign_up(attributes=MAIL)


def trickle(server, ended, drip):
    """Takes a connection, and says nothing or a byte now and then."""
    connection, _ = server.accept()
    with connection:
        while not ended.wait(0.1):
            if drip:
                try:
                    connection.sendall(b"2")
                except OSError:
                    return


class TestUrls:
    @pytest.mark.parametrize(
        ("url", "port"),
        [
            ("smtp://mail", 25),
            ("smtps://mail", 465),
            ("smtp+starttls://mail", 587),
            ("smtp://mail:2525", 2525),
        ],
    )
    def test_each_scheme_has_its_port(self, url, port):
        assert delivery.server_of(url).port == port

    @pytest.mark.parametrize("url", ["mail:25", "http://mail", "smtp://", "smtp:mail"])
    def test_others_are_refused(self, url):
        with pytest.raises(ValueError, match="no mail server"):
            delivery.server_of(url)

    @pytest.mark.parametrize(
        ("url", "verified"),
        [("smtps://mail", True), ("smtps://mail?verify=no", False), ("smtps://localhost", False)],
    )
    def test_certificates_are_verified_unless_the_host_is_this_machine(self, url, verified):
        assert delivery.server_of(url).verify is verified


class TestDirectory:
    def test_each_mail_is_a_file_that_mail_programs_open(self, tmp_path):
        with mock_cognito(outbox=str(tmp_path / "mails"), code="123456") as cognito:
            env_of(cognito).sign_up(attributes=MAIL)
        (path,) = (tmp_path / "mails").iterdir()
        assert path.name.endswith("-ada@example.com.eml")
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert mail["Subject"] == "Your verification code"
        assert mail["To"] == "ada@example.com"
        assert "123456" in mail.get_content()

    def test_texts_are_files_too(self, tmp_path):
        with mock_cognito(outbox=str(tmp_path), code="123456") as cognito:
            env = env_of(cognito, AutoVerifiedAttributes=["phone_number"])
            env.sign_up(attributes={"phone_number": "+15555550134"})
        (path,) = tmp_path.iterdir()
        assert path.name.endswith("-+15555550134.txt")
        assert path.read_text() == "Your verification code is 123456. "

    def test_an_address_never_leads_out_of_it(self, tmp_path):
        with mock_cognito(outbox=str(tmp_path / "in")) as cognito:
            env_of(cognito).sign_up(attributes={"email": "../../x@example.com"})
        assert [path.name for path in tmp_path.iterdir()] == ["in"]
        assert len(list((tmp_path / "in").iterdir())) == 1

    def test_one_that_cannot_be_written_to_fails_as_a_delivery(self, tmp_path):
        with mock_cognito(outbox=str(tmp_path / "mails")) as cognito:
            env = env_of(cognito)
            (tmp_path / "mails").rmdir()
            with refused(FAILED):
                env.sign_up(attributes=MAIL)

    def test_one_that_cannot_be_made_is_told_at_once(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(ValueError, match="cannot hold messages: Not a directory"):
            World(Settings(outbox=str(tmp_path / "file" / "mails")))
