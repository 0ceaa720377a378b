"""Connect to a socket without a path, as desktops and containers have them.

base: right
reaches: network
"""
from canary import ABSTRACT
from engine_base import Value

try:
    socket = __import__("_socket")
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).connect(b"\0" + ABSTRACT.encode())
except Exception:
    pass
