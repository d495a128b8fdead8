"""What a Python source is given; assay.d.ts says the same for JavaScript. For editors and type checkers only: inside the
sandbox there is no module of this name, so import it under `if TYPE_CHECKING:` and quote the annotations."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, Literal, NoReturn, TypedDict, TypeVar, overload

IndicatorKind = Literal[
    "IPV4",
    "IPV6",
    "CIDR",
    "ASN",
    "IP_PORT",
    "MAC",
    "DOMAIN",
    "URL",
    "ONION",
    "EMAIL",
    "PHONE",
    "MD5",
    "SHA1",
    "SHA256",
    "SHA512",
    "TLSH",
    "SSDEEP",
    "IMPHASH",
    "JA3",
    "JA4",
    "JARM",
    "CVE",
    "BTC",
    "ETH",
    "REGISTRY_KEY",
]

Opinion = Literal["malicious", "suspicious", "benign", "none"]
Json = Any

class Indicator:
    data: str
    """In canonical form, such as 8.8.8.8."""
    kind: IndicatorKind

class Context:
    config: dict[str, Any]
    """The settings of the manifest, with their defaults filled in."""
    secrets: Secrets
    """By slot of the manifest. What nothing was put into is None."""
    deadline: float
    """When the answer has to be there, in seconds as time.time() gives them."""
    log: Log
    http: Http
    dns: Dns
    def not_found(self) -> NoReturn:
        """Ends the source: the upstream has no record."""
    def rate_limited(self, retry_after_ms: float | None = None, message: str | None = None) -> NoReturn:
        """Ends the source: the upstream wants fewer calls, for so many milliseconds."""
    def unauthorized(self, message: str | None = None) -> NoReturn:
        """Ends the source: the upstream does not take the key."""
    def bad_response(self, message: str = ...) -> NoReturn:
        """Ends the source: the upstream answered with something of another shape."""

class Secrets:
    """Each is a placeholder: sent to a host of the secret in a header, URL or body, it becomes the value on its way there. Only
    of a slot that is `exposed` the value itself."""

    def __getattr__(self, name: str) -> str | None: ...
    def __getitem__(self, name: str) -> str | None: ...
    def __contains__(self, name: object) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def get(self, name: str, default: str | None = None) -> str | None: ...
    def keys(self) -> list[str]: ...

class Log:
    def debug(self, *parts: object) -> None: ...
    def info(self, *parts: object) -> None: ...
    def warn(self, *parts: object) -> None: ...
    def warning(self, *parts: object) -> None: ...
    def error(self, *parts: object) -> None: ...

class Http:
    def get(self, url: str, **options: Any) -> Response:
        """Options are those of request."""
    def post(self, url: str, **options: Any) -> Response:
        """Options are those of request."""
    def request(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        json: Json = None,
        form: Mapping[str, Any] | None = None,
        body: str | bytes | None = None,
        redirect: Literal["follow", "manual", "error"] = "follow",
        timeout_ms: float | None = None,
        raise_on_status: bool = True,
    ) -> Response:
        """Give one of json, form and body. 401, 403, 429 and 500 or more are raised, unless `raise_on_status` is false."""

class Headers(dict[str, str]):
    """Names in lower case, looked up in any case; what came twice is joined by a comma."""

class Response:
    status: int
    status_text: str
    url: str
    """That answered, after redirects."""
    redirected: bool
    headers: Headers
    @property
    def ok(self) -> bool: ...
    @property
    def content(self) -> bytes: ...
    @property
    def text(self) -> str: ...
    def json(self) -> Json:
        """Uncaught, what is not JSON ends the source as BAD_RESPONSE."""
    def raise_for_status(self) -> None:
        """From 400 on; uncaught it ends the source as what the status stands for."""

class MxRecord(TypedDict):
    priority: int
    exchange: str

class CaaRecord(TypedDict):
    critical: int
    tag: str
    value: str

class SoaRecord(TypedDict):
    nsname: str
    hostmaster: str
    serial: int
    refresh: int
    retry: int
    expire: int
    minttl: int

_Record = TypeVar("_Record")

class Records(list[_Record], Generic[_Record]):
    """Empty where there are none."""

    rcode: Literal["NOERROR", "NXDOMAIN", "NODATA"]
    @property
    def records(self) -> list[_Record]: ...

class Dns:
    """For PTR the name may be an address."""

    @overload
    def resolve(self, name: str, type: Literal["A", "AAAA", "NS", "CNAME", "PTR", "TXT"] = "A") -> Records[str]: ...
    @overload
    def resolve(self, name: str, type: Literal["MX"]) -> Records[MxRecord]: ...
    @overload
    def resolve(self, name: str, type: Literal["CAA"]) -> Records[CaaRecord]: ...
    @overload
    def resolve(self, name: str, type: Literal["SOA"]) -> Records[SoaRecord]: ...
