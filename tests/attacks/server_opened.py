"""Listen for whoever may connect.

base: right
reaches: network
"""
from canary import tell
from engine_base import Value

try:
    socket = __import__("_socket")
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind(("127.0.0.1", 0))
    server.listen(1)
    tell(f"a server at port {server.getsockname()[1]}")
except Exception:
    pass
