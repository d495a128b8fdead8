"""Makes the transports of httpx hand each request to the broker. The asynchronous one needs asyncio."""

from assay_sandbox import sdk
from assay_sandbox.exchange import answer_parts, request_message
from assay_sandbox.link import EgressError


def _message(request, body):
    url = request.url
    # Without user and password: httpx has made a header of them.
    address = "%s://%s%s" % (url.scheme, url.netloc.decode("ascii"), url.raw_path.decode("ascii"))
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
    timeout_s = request.extensions.get("timeout", {}).get("read")
    return request_message(request.method, address, headers, body, timeout_s)


def _response(request, reply):
    import httpx

    headers, content = answer_parts(request.method, reply)
    pairs = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers]
    reason = reply.get("statusText", "").encode("ascii", "replace")
    extensions = {"http_version": b"HTTP/1.1", "reason_phrase": reason}
    return httpx.Response(reply["status"], headers=pairs, stream=httpx.ByteStream(content), extensions=extensions)


def _failure(request, error):
    import httpx

    kinds = {"TIMEOUT": httpx.ReadTimeout, "BAD_RESPONSE": httpx.RemoteProtocolError}
    return kinds.get(error.code, httpx.ConnectError)(str(error), request=request)


def _init(self, *_args, **_options):
    """TLS, proxies, pools and retries of connections are the broker's."""


def _handle_request(self, request):
    message = _message(request, b"".join(request.stream))
    try:
        reply = sdk.current_link.exchange(message)
    except EgressError as error:
        raise _failure(request, error) from error
    return _response(request, reply)


async def _handle_async_request(self, request):
    import asyncio

    message = _message(request, b"".join([part async for part in request.stream]))
    loop = asyncio.get_running_loop()
    answered = loop.create_future()

    def settle(reply, error):
        if answered.done():
            return
        if error is None:
            answered.set_result(reply)
        else:
            answered.set_exception(error)

    sdk.current_link.submit(message, lambda *outcome: loop.call_soon_threadsafe(settle, *outcome))
    try:
        reply = await answered
    except EgressError as error:
        raise _failure(request, error) from error
    return _response(request, reply)


def patch(module):
    own, base = module.HTTPTransport, module.BaseTransport
    own.__init__, own.handle_request = _init, _handle_request
    own.__enter__, own.__exit__, own.close = base.__enter__, base.__exit__, base.close
    own, base = module.AsyncHTTPTransport, module.AsyncBaseTransport
    own.__init__, own.handle_async_request = _init, _handle_async_request
    own.__aenter__, own.__aexit__, own.aclose = base.__aenter__, base.__aexit__, base.aclose
