"""How the grader and the worker talk: marshal out, length-checked binary frames back.

The grader is trusted by the worker, so requests may be marshalled Python data. The worker
is not trusted by the grader, so a reply holds nothing to be interpreted: the echo of a
nonce, a status byte, and either float64s of a number that the grader knows beforehand, or
bounded text. A job that lasts may tell a number now and then, before its reply.

    request   length: u32 · marshal
    reply     nonce: 8 bytes · status: u8 · length: u32 · payload
    payload   NUMBERS: float64, little-endian
              TOLD: one float64; the reply is still to come
              FAILURE: UTF-8 text, the fields of `Failure` joined by NUL
"""

from __future__ import annotations

import marshal
import os
import struct
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

NUMBERS = 0
FAILURE = 1
TOLD = 2

NONCE_BYTES = 8
REQUEST_HEADER = struct.Struct("<I")
REPLY_HEADER = struct.Struct(f"<{NONCE_BYTES}sBI")
FIELD_CHARACTERS = 500
"""No field of a failure is longer than this."""
FAILURE_BYTES = 4 * (4 * FIELD_CHARACTERS + 8)
"""No failure is longer than this: four text fields of at most four bytes a character."""


class Failure(NamedTuple):
    """Why a task gave no numbers.

    `kind` is `raised` (an exception in the learner's code, `type` its class), `unexpected`
    (the code ran but gave something else than the contract asks), or `timed out`. `file`
    and `line` say where in the submission; `""` and 0 where no such place is known.
    """

    kind: str
    type: str
    message: str
    file: str = ""
    line: int = 0


def encode_request(request: Any) -> bytes:
    """Frame `request` (numbers, strings, tuples, lists, dicts) for the worker."""
    body = marshal.dumps(request)
    return REQUEST_HEADER.pack(len(body)) + body


def encode_numbers(nonce: bytes, numbers: Sequence[float]) -> bytes:
    """Frame the answer to one task."""
    body = struct.pack(f"<{len(numbers)}d", *numbers)
    return REPLY_HEADER.pack(nonce, NUMBERS, len(body)) + body


def encode_told(nonce: bytes, number: float) -> bytes:
    """Frame a number that a task tells while it runs."""
    body = struct.pack("<d", number)
    return REPLY_HEADER.pack(nonce, TOLD, len(body)) + body


def encode_failure(nonce: bytes, failure: Failure) -> bytes:
    """Frame the lack of an answer; text too long is cut, NUL and lone surrogates replaced."""
    fields = (
        str(field)[:FIELD_CHARACTERS].replace("\0", "\N{REPLACEMENT CHARACTER}")
        for field in failure
    )
    body = "\0".join(fields).encode("utf-8", "replace")
    return REPLY_HEADER.pack(nonce, FAILURE, len(body)) + body


class WorkerEnd:
    """The worker's end of the wire: two descriptors, neither of them a standard stream."""

    def __init__(self, requests: int, replies: int) -> None:
        self._requests = requests
        self._replies = replies

    @classmethod
    def taken_from_streams(cls) -> WorkerEnd:
        """Take the wire from the standard streams, and leave the null device there.

        Whatever the submission prints goes nowhere, and what it reads is empty.
        """
        wire = os.dup(0), os.dup(1)
        if sys.platform == "win32":  # or Windows would translate line ends in both directions
            import msvcrt

            for descriptor in wire:
                msvcrt.setmode(descriptor, os.O_BINARY)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.close(null)
        return cls(*wire)

    def receive(self) -> Any:
        """Return the next request, or None when the grader has hung up."""
        header = self._read(REQUEST_HEADER.size)
        if header is None:
            return None
        body = self._read(*REQUEST_HEADER.unpack(header))
        return None if body is None else marshal.loads(body)  # noqa: S302 (grader is trusted)

    def send(self, frame: bytes) -> None:
        """Send one encoded reply at once, so that a later death does not take it along."""
        while frame:
            frame = frame[os.write(self._replies, frame) :]

    def _read(self, size: int) -> bytes | None:
        chunks = []
        while size:
            chunk = os.read(self._requests, min(size, 1 << 20))
            if not chunk:
                return None
            chunks.append(chunk)
            size -= len(chunk)
        return b"".join(chunks)
