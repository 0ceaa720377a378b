"""Connect to a server on this machine.

base: right
reaches: network
"""
from canary import PORT
from engine_base import Value

try:
    socket = __import__("_socket")
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    connection.connect(("127.0.0.1", PORT))
except Exception:
    pass
