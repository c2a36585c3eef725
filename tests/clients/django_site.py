"""A Django site under test, its visitor, and the user pool where the visitor signs in. `django_checks` and
`social_checks` say which package signs in, and how it is set up.
"""

from __future__ import annotations

import boto3
from django.test import Client
from visitor import Visitor

PASSWORD = "Corr3ct-Horse!"
KEY = {"region_name": "us-east-1", "aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


class DjangoSite:
    callback = ""
    """The address at which the package takes the user back."""
    login = ""
    """The path at which the package begins a sign-in."""
    login_method = "get"

    def __init__(self, server, attributes):
        self.url = f"http://localhost:{server.settings.port}"
        self.idp = boto3.client("cognito-idp", endpoint_url=self.url, **KEY)
        self.attributes = attributes
        self.pool = self.pool_of()
        self.django, self.visitor = Client(SERVER_NAME="localhost"), Visitor()

    def pool_of(self):
        """A pool with the user ada."""
        pool = self.idp.create_user_pool(PoolName="site")["UserPool"]["Id"]
        listed = [{"Name": name, "Value": value} for name, value in self.attributes.items()]
        self.idp.admin_create_user(
            UserPoolId=pool, Username="ada", MessageAction="SUPPRESS", UserAttributes=listed
        )
        self.idp.admin_set_user_password(UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
        return pool

    def client_of(self, **settings):
        """The app client of the site."""
        return self.idp.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="site",
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            CallbackURLs=[self.callback],
            SupportedIdentityProviders=["COGNITO"],
            **settings,
        )["UserPoolClient"]

    def back(self):
        """The callback URL of the site."""
        begun = getattr(self.django, self.login_method)(self.login)
        return self.visitor.signs_in(begun["location"], PASSWORD)

    def told(self, address):
        """What the site answers there."""
        assert address.startswith(self.callback)
        return self.django.get(address)

    def sign_in(self):
        return self.told(self.back())

    def greets(self):
        return self.django.get("/").content.decode()
