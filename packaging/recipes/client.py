#!/usr/bin/env python3
"""Reads references through opx-authd: client.py REF... The daemon has to run (opx daemon start)."""
import http.client, json, os, socket, ssl, sys

home = os.path.expanduser("~")
data = os.path.join(os.environ.get("XDG_DATA_HOME") or home + "/.local/share", "op-authd")
path = os.environ.get("OPX_SOCKET_PATH") or os.path.join(os.environ.get("XDG_RUNTIME_DIR") or data, "op-authd", "socket.sock")

# The one certificate that is trusted is the file's own.
tls = ssl.create_default_context(cafile=os.path.join(data, "tls.crt"))
raw = socket.socket(socket.AF_UNIX)
raw.connect(path)


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = tls.wrap_socket(raw, server_hostname="op-authd-local")


connection = Connection("unix")
with open(os.path.join(data, "token")) as token:
    headers = {"X-OpAuthd-Token": token.read(), "Content-Type": "application/json"}
connection.request("POST", "/v1/reads", json.dumps({"refs": sys.argv[1:]}), headers)
answer = json.load(connection.getresponse())
for ref in sys.argv[1:]:
    result = answer["results"][ref]
    if "error" in result:
        sys.exit(f"{ref}: {result['error']['message']}")
    print(result["value"])
