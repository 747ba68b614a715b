"""One message over a real connection: where it may go, what it proves, and that nothing holds it up for long."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store.receiver import certificate, receiving

from makewhole.domain.refusal import Refused
from makewhole.integrations.webhooks import addresses
from makewhole.integrations.webhooks.addresses import check_url
from makewhole.integrations.webhooks.sending import NoAnswer, post
from makewhole.integrations.webhooks.signing import signed


def test_a_signature_is_the_one_of_the_specification():
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], at=at
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/", "webhook_not_https"),
        ("ftp://example.com/", "webhook_not_https"),
        ("http://127.0.0.1:8000/", "webhook_not_https"),
        ("https://127.0.0.1/", "webhook_address_private"),
        ("https://localhost/", "webhook_address_private"),
        ("https://10.1.2.3/", "webhook_address_private"),
        ("https://169.254.169.254/latest/meta-data", "webhook_address_private"),
        ("https://[::1]/", "webhook_address_private"),
        ("https://[fd00::1]/", "webhook_address_private"),
        ("https://[::ffff:10.0.0.1]/", "webhook_address_private"),
        ("https://[64:ff9b::a00:1]/", "webhook_address_private"),
        ("https://0.0.0.0/", "webhook_address_private"),
        ("https://ana:secret@example.com/", "webhook_url_not_usable"),
        ("https://example.com/#part", "webhook_url_not_usable"),
        ("https://example.com/a b", "webhook_url_not_usable"),
        ("https://example.com/\r\nHost: x", "webhook_url_not_usable"),
        ("https://example.com:99999/", "webhook_url_not_usable"),
        ("https://" + "a" * 500, "webhook_url_not_usable"),
        ("https://", "webhook_url_not_usable"),
        ("", "webhook_url_not_usable"),
    ],
)
def test_an_address_that_is_none_for_a_webhook_is_refused(url: str, code: str):
    with pytest.raises(Refused) as refused:
        check_url(url, to_loopback=False)
    assert refused.value.code == code


def test_our_own_machine_may_be_named_only_where_that_is_allowed():
    for url in ("http://127.0.0.1:8000/", "http://localhost/", "http://[::1]:8000/", "https://127.0.0.1/"):
        assert check_url(url, to_loopback=True).scheme
    with pytest.raises(Refused, match="webhook_not_https"):
        check_url("http://10.0.0.1/", to_loopback=True)
    with pytest.raises(Refused, match="webhook_address_private"):
        check_url("https://10.0.0.1/", to_loopback=True)


@pytest.mark.parametrize("inner", ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "fe80::1", "100.64.0.1"])
def test_a_public_name_that_leads_into_a_private_network_is_not_followed(monkeypatch: pytest.MonkeyPatch, inner: str):
    def told(host: str, port: int, **given: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (address, port)) for address in ("93.184.215.14", inner)]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", told)
    with pytest.raises(NoAnswer, match="private network"):
        post("https://hooks.example.com/", b"{}", {})


def test_the_very_address_that_was_looked_at_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch):
    """A name that says something else the second time (rebinding) is asked only once."""
    asked = []

    def told(host: str, port: int, **given: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    with receiving() as receiver:
        url = receiver.url.replace("127.0.0.1", "localhost")
        real = addresses.socket.getaddrinfo
        monkeypatch.setattr(
            addresses.socket, "getaddrinfo",
            lambda host, *rest, **given: told(host, rest[0]) if host == "localhost" else real(host, *rest, **given),
        )  # fmt: skip
        assert post(url, b"{}", {}, to_loopback=True) == 204
    assert asked == ["localhost"]
    assert receiver.got[0][1]["host"] == url.split("/")[2]


def test_a_message_arrives_as_it_is_and_a_redirect_is_an_answer_and_not_followed():
    with receiving() as elsewhere, receiving() as receiver:
        receiver.answers, receiver.location = [307], elsewhere.url
        assert post(receiver.url, b'{"a": "\xc3\xa9"}', {"webhook-id": "msg_1"}, to_loopback=True) == 307
    [(path, headers, body)] = receiver.got
    assert (path, headers["webhook-id"], body) == ("/hooks?from=makewhole", "msg_1", b'{"a": "\xc3\xa9"}')
    assert elsewhere.got == []


@pytest.mark.parametrize("how", ["hangs", "drips"])
def test_who_hangs_or_drips_is_left_when_the_time_is_over(how: str):
    with receiving() as receiver:
        setattr(receiver, how, True)
        began = time.monotonic()
        with pytest.raises(NoAnswer, match=r"no answer within 0\.5 seconds"):
            post(receiver.url, b"{}", {}, to_loopback=True, timeout=0.5)
        assert time.monotonic() - began < 2


def test_a_certificate_that_nobody_vouches_for_or_of_another_name_gets_no_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    context, file = certificate(tmp_path, of="127.0.0.1")
    with receiving(tls=context) as receiver:
        with pytest.raises(NoAnswer, match="its certificate is not valid: self"):
            post(receiver.url, b"{}", {}, to_loopback=True)
        assert receiver.got == []
        monkeypatch.setenv("SSL_CERT_FILE", str(file))  # now somebody does
        assert post(receiver.url, b"{}", {}, to_loopback=True) == 204
    context, file = certificate(tmp_path, of="127.0.0.2")
    with receiving(tls=context) as receiver:
        with pytest.raises(NoAnswer, match="its certificate is not valid: IP address mismatch"):
            post(receiver.url, b"{}", {}, to_loopback=True)
        assert receiver.got == []


def test_nobody_there_is_no_answer_and_so_is_somebody_who_speaks_no_http():
    import socket
    import threading

    with receiving() as receiver:
        pass
    with pytest.raises(NoAnswer, match="no connection"):
        post(receiver.url, b"{}", {}, to_loopback=True)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"220 mail.example.com ESMTP\r\n")

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(NoAnswer, match="no connection: BadStatusLine"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, to_loopback=True)
        thread.join()
