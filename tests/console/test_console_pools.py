"""Pools and start page: settings, clients, secrets, and the doctor."""


class TestPools:
    def test_show_settings_and_clients(self, console, shop):
        text = console.text("/ui/pools")
        for each in ("shop", shop["pool"], "web", "Verifies email", "Doctor"):
            assert each in text

    def test_show_one_client_with_its_secret_masked(self, console, aws, shop):
        made = aws("CreateUserPoolClient", UserPoolId=shop["pool"], ClientName="jobs", GenerateSecret=True)
        client = made["UserPoolClient"]
        page = console.get(f"/ui/pools?client_id={client['ClientId']}").body.decode()
        before = page[: page.index(client["ClientSecret"])]
        assert before.rindex("<details") > before.rindex("</details>")
        assert page.count(client["ClientSecret"]) == 2

    def test_show_what_mends_a_refused_redirect(self, console, shop):
        from support.http import ask

        uri = "http://localhost:9999/cb"
        url = f"/oauth2/authorize?client_id={shop['client']}&response_type=code&redirect_uri={uri}"
        ask(console.application, "GET", url)
        text = console.text("/ui/pools")
        assert f"redirect_uri {uri} was refused" in text
        assert "aws cognito-idp update-user-pool-client" in text
        assert "Adds the address to the CallbackURLs of the client. Copy command Show the command" in text

    def test_that_are_not_there(self, console, shop):
        assert "There is no such user pool" in console.text("/ui/pools?user_pool_id=us-east-1_nowhere00")
        assert "There is no such client" in console.text("/ui/pools?client_id=nowhere")


class TestStart:
    def test_shows_pools_and_where_one_signs_in(self, console, shop):
        page = console.get("/ui/start").body.decode()
        assert f"/login?client_id={shop['client']}" in page
        assert "export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=http://localhost:4577" in page

    def test_shows_the_last_messages_and_refusals(self, console, send, shop):
        send(code="515151")
        given = {"USERNAME": "ada", "PASSWORD": "wrong"}
        console.call(
            "InitiateAuth", 400, AuthFlow="USER_PASSWORD_AUTH", ClientId=shop["client"], AuthParameters=given
        )
        text = console.text("/")
        assert "515151" in text
        assert "the password is wrong" in text

    def test_messages_and_refusals_stand_first_where_pools_fill_the_screen(self, console, aws, shop):
        parts = ("User pool shop", "Last messages", "Last refusals", "To copy")
        assert _order(console, parts) == [0, 1, 2, 3]
        for _ in range(4):
            pool = aws("CreateUserPool", PoolName="more")["UserPool"]["Id"]
            aws("CreateUserPoolClient", UserPoolId=pool, ClientName="web")
        assert _order(console, parts) == [1, 2, 0, 3]


def _order(console, parts):
    """The numbers of the parts in the order in which the page has them."""
    page = console.get("/ui/start").body.decode()
    return sorted(range(len(parts)), key=lambda part: page.index(parts[part]))
