"""What a source is given: the indicator and the context. Every request goes to the runner's egress broker as a message."""

import json

from assay_sandbox.link import EgressError, body_bytes, body_fields

current_link = None


class NotFound(BaseException):
    """The source has no record. Not an Exception, so that `except Exception` in the source does not swallow it."""


class Verdict(BaseException):
    """The source says why it has no answer."""

    def __init__(self, problem):
        super().__init__(problem["what"])
        self.problem = problem


class BadResponse(ValueError):
    """What came back, from the upstream or from the source, is not what it should be."""


class StatusError(OSError):
    """The upstream's status says that there is no answer. `status` and `response` tell more."""

    def __init__(self, response):
        super().__init__("%s answered with HTTP status %d" % (response.url.split("?")[0][:200], response.status))
        self.status = response.status
        self.response = response


class Headers(dict):
    """Names in lower case; looked up in any case. A header that came twice has its values joined by a comma."""

    def __init__(self, pairs):
        super().__init__()
        for name, value in pairs:
            name = name.lower()
            super().__setitem__(name, "%s, %s" % (self[name], value) if name in self else value)

    def __getitem__(self, name):
        return super().__getitem__(name.lower())

    def __contains__(self, name):
        return super().__contains__(name.lower())

    def get(self, name, default=None):
        return super().get(name.lower(), default)


class Response:
    """An upstream's answer. `content` is bytes, `text` is decoded, `json()` parsed."""

    def __init__(self, reply):
        self.status = reply["status"]
        self.status_text = reply.get("statusText", "")
        self.url = reply.get("url", "")
        self.redirected = reply.get("redirected", False)
        self.headers = Headers(reply.get("headers", []))
        self._reply = reply

    @property
    def ok(self):
        return 200 <= self.status < 300

    @property
    def content(self):
        return body_bytes(self._reply)

    @property
    def text(self):
        if "bodyText" in self._reply:
            return self._reply["bodyText"]
        _, _, charset = self.headers.get("content-type", "").partition("charset=")
        try:
            return self.content.decode(charset.split(";")[0].strip("\"' ") or "utf-8", "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")

    def json(self):
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise BadResponse("The answer of %s is not JSON: %s" % (self.url.split("?")[0], error)) from None

    def raise_for_status(self):
        """Raises StatusError when the status is 400 or more; uncaught, it becomes the outcome that the status stands for."""
        if self.status >= 400:
            raise StatusError(self)


class Http:
    def __init__(self, link):
        self._link = link

    def get(self, url, **options):
        return self.request("GET", url, **options)

    def post(self, url, **options):
        return self.request("POST", url, **options)

    def request(
        self,
        method,
        url,
        *,
        query=None,
        headers=None,
        json=None,
        form=None,
        body=None,
        redirect="follow",
        timeout_ms=None,
        raise_on_status=True,
    ):
        """Asks the broker. `query` and `form` are mappings, `json` any JSON value, `body` str or bytes, `redirect` follow, manual or error.

        401, 403, 429 and 500 or more raise StatusError, unless `raise_on_status` is false."""
        from urllib.parse import urlencode

        pairs = [[str(name), str(value)] for name, value in dict(headers or {}).items()]
        if query:
            present = [(key, value) for key, value in dict(query).items() if value is not None]
            url, mark, fragment = url.partition("#")
            url += ("&" if "?" in url else "?") + urlencode(present, doseq=True) + mark + fragment
        if sum(value is not None for value in (json, form, body)) > 1:
            raise TypeError("Give one of json, form and body.")
        if json is not None:
            body, kind = _dumps(json), "application/json"
        elif form is not None:
            body, kind = urlencode(form, doseq=True), "application/x-www-form-urlencoded"
        else:
            kind = None
        if kind is not None and not any(name.lower() == "content-type" for name, _ in pairs):
            pairs.append(["content-type", kind])
        message = {"op": "http", "method": method.upper(), "url": url, "headers": pairs, "redirect": redirect, **body_fields(body)}
        if timeout_ms is not None:
            message["timeoutMs"] = max(1, round(timeout_ms))
        response = Response(self._link.exchange(message))
        if raise_on_status and (response.status in (401, 403, 429) or response.status >= 500):
            response.raise_for_status()
        return response


_dumps = json.dumps


class Records(list):
    """The records of a name, also as `records`. `rcode` is NOERROR, NXDOMAIN or NODATA; without records the list is empty."""

    def __init__(self, reply):
        super().__init__(reply["records"])
        self.rcode = reply["rcode"]

    @property
    def records(self):
        return list(self)


class Dns:
    def __init__(self, link):
        self._link = link

    def resolve(self, name, type="A"):
        """A, AAAA, NS, CNAME, PTR and TXT records are strings, MX, SOA and CAA are dicts."""
        return Records(self._link.exchange({"op": "dns", "name": name, "type": type}))


class Log:
    def __init__(self, link):
        self._link = link

    def _line(self, level, parts):
        for line in " ".join(map(str, parts)).split("\n"):
            self._link.log(level, line)

    def debug(self, *parts):
        self._line("debug", parts)

    def info(self, *parts):
        self._line("info", parts)

    def warn(self, *parts):
        self._line("warn", parts)

    warning = warn

    def error(self, *parts):
        self._line("error", parts)


class Indicator:
    """What is asked about: `data` in its canonical form, `kind` such as IPV4."""

    __slots__ = ("data", "kind")

    def __init__(self, data, kind):
        self.data = data
        self.kind = kind


class Secrets:
    """The secrets of the source's slots, by attribute and by item; None for a slot that nothing was put into. Read-only.

    They are placeholders, for which the runner puts the values into requests, unless the slot is exposed."""

    __slots__ = ("_given",)

    def __init__(self, given):
        object.__setattr__(self, "_given", given)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self._given.get(name)

    def __getitem__(self, name):
        return self._given.get(name)

    def __contains__(self, name):
        return name in self._given

    def __iter__(self):
        return iter(self._given)

    def __len__(self):
        return len(self._given)

    def __setattr__(self, name, value):
        raise AttributeError("context.secrets cannot be changed.")

    def get(self, name, default=None):
        return self._given.get(name, default)

    def keys(self):
        return list(self._given)


class Context:
    """`deadline` is a time of day in seconds, as time.time() gives it."""

    def __init__(self, link, given):
        self.http = Http(link)
        self.dns = Dns(link)
        self.log = Log(link)
        self.config = given.get("config", {})
        self.secrets = Secrets(given.get("secrets", {}))
        self.deadline = given.get("deadlineMs", 0) / 1000

    def not_found(self):
        """Ends the source: the upstream has no record."""
        raise NotFound

    def rate_limited(self, retry_after_ms=None, message=None):
        """Ends the source: the upstream wants fewer calls, for so many milliseconds."""
        raise Verdict({"what": "rateLimited", "retryAfterMs": retry_after_ms, "message": message})

    def unauthorized(self, message=None):
        """Ends the source: the upstream does not take the key."""
        raise Verdict({"what": "unauthorized", "message": message})

    def bad_response(self, message="The upstream's answer is not of the shape that the source knows."):
        """Ends the source: the upstream answered with something else than it should."""
        raise Verdict({"what": "badResponse", "message": str(message)[:2000]})


def _retry_after_ms(text):
    """The header Retry-After, which is a number of seconds or a date."""
    try:
        if text.isdecimal():
            return int(text[:9]) * 1000
        import email.utils
        import time

        return max(0, round((email.utils.parsedate_to_datetime(text).timestamp() - time.time()) * 1000))
    except (AttributeError, OverflowError, TypeError, ValueError):
        return None


def _status_problem(status, headers, error):
    return {"what": "status", "status": status, "retryAfterMs": _retry_after_ms(headers.get("retry-after")), "message": str(error)[:500]}


LIBRARIES = {"requests", "urllib3", "httpx"}


def _library_problem(error):
    """What an error of requests or httpx says by itself: a status, or an answer that is not what it should be."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if isinstance(status, int) and status >= 400:
        return _status_problem(status, response.headers, error)
    if type(error).__name__ in ("JSONDecodeError", "TooManyRedirects"):
        return {"what": "badResponse", "message": str(error)[:500]}
    return None


def upstream_problem(error):
    """What an error that nobody caught says about the upstream; None when it is about the source."""
    seen = 0
    while isinstance(error, BaseException) and seen < 10:
        seen += 1
        if isinstance(error, EgressError):
            return {"what": "egress", "requestId": error.request_id}
        if isinstance(error, StatusError):
            return _status_problem(error.status, error.response.headers, error)
        if type(error).__name__ == "HTTPError" and isinstance(getattr(error, "code", None), int):
            return _status_problem(error.code, error.headers, error)
        is_library = type(error).__module__.partition(".")[0] in LIBRARIES
        if is_library and (problem := _library_problem(error)) is not None:
            return problem
        # Libraries wrap what went wrong below in an error of their own, those of Python in a kind of OSError.
        if not is_library and not isinstance(error, OSError):
            return None
        below = getattr(error, "reason", None) or error.__cause__ or error.__context__
        # urllib3 keeps what it never raised among the arguments.
        error = below or next((part for part in error.args if isinstance(part, BaseException)), None)
    return None
