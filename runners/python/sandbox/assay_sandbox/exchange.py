"""One request of a library as a message to the broker, and the broker's reply as the library wants it."""

from assay_sandbox import link

# Of the connection, which is the broker's, not of the request.
CONNECTION_HEADERS = {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "proxy-connection", "te"}
BODY_HEADERS = {"content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive"}


def origin_of(scheme, host, port):
    host = "[%s]" % host.strip("[]") if ":" in host else host
    return "%s://%s%s" % (scheme, host, "" if port in (None, 443 if scheme == "https" else 80) else ":%d" % port)


def request_message(method, url, headers, body, timeout_s):
    """`headers` are pairs; redirects are the library's to follow. A timeout that is not a positive number is none."""
    kept = [[name, value] for name, value in headers if name.lower() not in CONNECTION_HEADERS]
    message = {"op": "http", "method": method, "url": url, "headers": kept, "redirect": "manual", **link.body_fields(body)}
    if isinstance(timeout_s, (int, float)) and timeout_s > 0:
        message["timeoutMs"] = max(1, round(timeout_s * 1000))
    return message


def answer_parts(method, reply):
    """Headers, as pairs that fit the body as it is now, and the body. What HEAD says of a body that is not sent stays."""
    content = link.body_bytes(reply)
    if method == "HEAD":
        return list(reply["headers"]), b""
    headers = [pair for pair in reply["headers"] if pair[0].lower() not in BODY_HEADERS]
    return [*headers, ["Content-Length", str(len(content))]], content
