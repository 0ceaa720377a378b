"""Announce the longest failure that is lawful, and send a thousand times as much.

base: wrong
reaches: memory
"""
from canary import inside
from engine_base import Value

serve = inside("encode_failure", scope=True)
encode = serve["encode_failure"]
serve["encode_failure"] = lambda nonce, failure: encode(nonce, failure) + b"x" * (64 << 20)
Value.__add__ = None
