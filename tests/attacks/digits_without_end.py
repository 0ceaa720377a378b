"""Send a failure whose line number has eight thousand digits.

base: wrong
reaches: memory
"""
from canary import inside
from engine_base import Value

serve = inside("encode_numbers", scope=True)


def lie(nonce, _):
    body = b"raised\0\0\0\0" + b"9" * 8000
    return nonce + bytes([1]) + len(body).to_bytes(4, "little") + body


serve["encode_numbers"] = serve["encode_failure"] = lie
