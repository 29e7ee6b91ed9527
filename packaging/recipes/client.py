#!/usr/bin/env python3
"""Reads references through opx-authd: client.py REF... The daemon has to run (opx daemon start)."""
import base64, http.client, json, os, socket, ssl, sys

home = os.path.expanduser("~")
data = os.path.join(os.environ.get("XDG_DATA_HOME") or home + "/.local/share", "op-authd")
# Without a runtime directory the socket lies with the data.
run = os.environ.get("XDG_RUNTIME_DIR")
path = os.environ.get("OPX_SOCKET_PATH") or os.path.join(run + "/op-authd" if run else data, "socket.sock")

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
    # The second is of a value that is no text.
    sys.stdout.buffer.write(result["value"].encode() + base64.b64decode(result.get("value_base64", "")) + b"\n")
