"""Requests over real sockets: what reaches the application."""

from support.raw_http import GET, POST, Client, ask, echoed

from cogmock.httpd.connection import Limits


class TestRequests:
    def test_reach_the_application_as_wsgi_says(self, serve):
        server = serve()
        head = b"POST /a%20b/%C3%A4?q=%20&r HTTP/1.1\r\nHost: h:1\r\nX-Amz-Target: T\r\nContent-Type: t/x\r\nContent-Length: 3\r\n\r\n"
        got = echoed(ask(server, head + b"abc"))
        environ = got["environ"]
        assert got["body"] == "abc"
        assert environ["PATH_INFO"] == "/a b/\xc3\xa4"
        assert environ["QUERY_STRING"] == "q=%20&r"
        assert environ["REQUEST_URI"] == "/a%20b/%C3%A4?q=%20&r"
        assert environ["REQUEST_METHOD"] == "POST"
        assert environ["HTTP_X_AMZ_TARGET"] == "T"
        assert environ["HTTP_HOST"] == "h:1"
        assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("t/x", "3")
        assert environ["SERVER_PROTOCOL"] == "HTTP/1.1"
        assert environ["SERVER_PORT"] == str(server.port)
        assert environ["REMOTE_ADDR"] == "127.0.0.1"
        assert environ["wsgi.url_scheme"] == "http"

    def test_satisfy_the_standard_librarys_validator(self, serve):
        from wsgiref.validate import validator

        def application(environ, start_response):
            assert environ["wsgi.input"].read(2) == b"ab"
            start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
            return [b"ok"]

        server = serve(validator(application))
        assert ask(server, POST + b"Content-Length: 2\r\n\r\nab").content == b"ok"

    def test_come_one_after_another_on_one_connection(self, serve):
        server = serve()
        with Client(server) as client:
            for number in range(300):
                got = echoed(client.ask(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number))
                assert got["environ"]["PATH_INFO"] == f"/{number}"
            assert "HTTP_CONTENT_LENGTH" not in got["environ"]

    def test_leave_nothing_to_the_next_one(self, serve):
        with Client(serve()) as client:
            client.ask(POST + b"X-Once: 1\r\nContent-Length: 3\r\n\r\nabc")
            got = echoed(client.ask(GET))
            assert got["body"] == ""
            assert "HTTP_X_ONCE" not in got["environ"]
            assert "CONTENT_LENGTH" not in got["environ"]

    def test_sent_ahead_are_answered_in_order(self, serve):
        with Client(serve()) as client:
            client.send(
                b"".join(b"POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nz" % n for n in range(20))
            )
            paths = [echoed(client.answer())["environ"]["PATH_INFO"] for _ in range(20)]
            assert paths == [f"/{n}" for n in range(20)]

    def test_arrive_in_any_slices(self, serve):
        request = (
            POST
            + b"Transfer-Encoding: chunked\r\nX-Long: abcdefgh\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: 1\r\n\r\n"
        )
        limits = Limits(read_timeout=20)
        with Client(serve(limits=limits)) as client:
            for byte in request + request:
                client.send(bytes([byte]))
            for _ in range(2):
                got = echoed(client.answer())
                assert got["body"] == "abcdefg"
                assert got["environ"]["HTTP_X_LONG"] == "abcdefgh"

    def test_in_chunks_look_like_any_other(self, serve):
        request = POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n"
        got = echoed(ask(serve(), request))
        assert got["body"] == "abc0123456789"
        assert got["environ"]["CONTENT_LENGTH"] == "13"
        assert "HTTP_TRANSFER_ENCODING" not in got["environ"]

    def test_cannot_smuggle_headers_in_as_trailers(self, serve):
        request = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Amz-Target: T\r\n\r\n"
        with Client(serve()) as client:
            assert "HTTP_X_AMZ_TARGET" not in echoed(client.ask(request))["environ"]
            assert "HTTP_X_AMZ_TARGET" not in echoed(client.ask(GET))["environ"]

    def test_cannot_pass_a_header_with_underscores_for_another(self, serve):
        got = echoed(
            ask(serve(), b"GET / HTTP/1.1\r\nHost: x\r\nX_Amz_Target: T\r\nContent_Length: 3\r\n\r\n")
        )
        assert "HTTP_X_AMZ_TARGET" not in got["environ"]
        assert "CONTENT_LENGTH" not in got["environ"]

    def test_may_repeat_a_header(self, serve):
        head = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nX-A: 2\r\nCookie: a=b\r\nCookie: c=d\r\n\r\n"
        environ = echoed(ask(serve(), head))["environ"]
        assert environ["HTTP_X_A"] == "1, 2"
        assert environ["HTTP_COOKIE"] == "a=b; c=d"

    def test_are_told_to_go_on_when_they_wait(self, serve):
        with Client(serve()) as client:
            client.send(POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            assert client.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
            assert echoed(client.ask(b"abc"))["body"] == "abc"
            assert echoed(client.ask(GET))["body"] == ""

    def test_that_do_not_wait_are_not_told(self, serve):
        got = echoed(ask(serve(), POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"))
        assert got["body"] == "abc"

    def test_may_be_whole_urls(self, serve):
        request = b"GET http://cognito-idp.eu-west-1.amazonaws.com/pool?x=1 HTTP/1.1\r\nHost: other\r\n\r\n"
        environ = echoed(ask(serve(), request))["environ"]
        assert environ["HTTP_HOST"] == "cognito-idp.eu-west-1.amazonaws.com"
        assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/pool", "x=1")

    def test_may_ask_about_the_server_as_a_whole(self, serve):
        environ = echoed(ask(serve(), b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"))["environ"]
        assert environ["PATH_INFO"] == "*"

    def test_that_offer_another_protocol_are_served_in_this_one(self, serve):
        offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n"
        with Client(serve()) as client:
            got = echoed(client.ask(POST + offer + b"Content-Length: 3\r\n\r\nabc"))
            assert got["body"] == "abc"
            assert got["environ"]["HTTP_HTTP2_SETTINGS"] == "AAA"
            chunks = b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            got = echoed(client.ask(POST + offer + chunks))
            assert (got["body"], got["environ"]["CONTENT_LENGTH"]) == ("abc", "3")
            assert echoed(client.ask(POST + b"Expect: 100-continue\r\n" + offer + chunks))["body"] == "abc"
            assert echoed(client.ask(GET + GET))["body"] == ""
            assert client.answer().status == 200

    def test_may_offer_another_protocol_as_often_as_they_like(self, serve):
        offer = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"
        with Client(serve()) as client:
            client.send(offer * 400)
            assert [client.answer().status for _ in range(400)] == [200] * 400

    def test_of_http_1_0_close_the_connection_unless_told_otherwise(self, serve):
        server = serve()
        with Client(server) as client:
            assert echoed(client.ask(b"GET / HTTP/1.0\r\n\r\n"))["environ"]["SERVER_PROTOCOL"] == "HTTP/1.0"
            assert client.is_closed()
        with Client(server) as client:
            for _ in range(3):
                response = client.ask(b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                assert response.headers["Connection"] == "keep-alive"

    def test_may_ask_to_close(self, serve):
        with Client(serve()) as client:
            response = client.ask(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert response.headers["Connection"] == "close"
            assert client.is_closed()
