"""Has the modules that speak HTTP patched when they are imported, and only then: most sources never need them."""

import importlib.machinery
import sys

from assay_sandbox import http_client, httpx_transport, urllib3_connection


def _patch_ssl(module):
    """No context here ever shakes hands: the broker does. The sandbox has no certificates that it could load."""

    def nothing(self, *_args, **_options):
        return None

    module.SSLContext.load_verify_locations = nothing
    module.SSLContext.load_default_certs = nothing


PATCHES = {
    "ssl": _patch_ssl,
    "http.client": http_client.patch,
    "urllib3.connection": urllib3_connection.patch,
    "requests.adapters": urllib3_connection.patch_adapters,
    "httpx._transports.default": httpx_transport.patch,
}


class _Finder:
    def find_spec(self, name, path=None, target=None):
        patch = PATCHES.get(name)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) if patch else None
        if spec is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            patch(module)

        spec.loader.exec_module = exec_module
        return spec


def install():
    sys.meta_path.insert(0, _Finder())
