"""Send a datagram, as one that asks for a name would be.

base: right
reaches: network
"""
from canary import UDP_PORT
from engine_base import Value

try:
    socket = __import__("_socket")
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"hello", ("127.0.0.1", UDP_PORT))
except Exception:
    pass
