"""Makes the connections of urllib3, on which requests stands, those of http_client: it has a way of its own to connect."""

from assay_sandbox.http_client import socket_for


def patch(module):
    def connect_with(scheme):
        def connect(self):
            self.sock = socket_for(self, scheme, is_patient=True)
            # By the broker, always; else urllib3 warns of every request.
            self.is_verified = True

        return connect

    # A connection is looked at before it is used again; ours has nothing to look at, and nothing to save.
    def getresponse_once(getresponse):
        def wrapped(self, *args, **options):
            response = getresponse(self, *args, **options)
            self.sock = None
            return response

        return wrapped

    module.HTTPConnection.connect = connect_with("http")
    module.HTTPSConnection.connect = connect_with("https")
    module.HTTPConnection.getresponse = getresponse_once(module.HTTPConnection.getresponse)


def patch_adapters(module):
    """Of requests: certificates are the broker's to check, and the sandbox has no file of them to look for."""
    module.HTTPAdapter.cert_verify = lambda self, conn, url, verify, cert: None
