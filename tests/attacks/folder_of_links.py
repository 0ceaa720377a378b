"""Hand in links to files outside, in the hope that the grader reads them for us.

base: right
reaches: files
folder: links
"""
from canary import SECRET_PREFIX, inside, tell
from engine_base import Value

for _, source in (inside("self")._files if inside("self") else {}).values():
    if SECRET_PREFIX.decode() in source and "SECRET_PREFIX" not in source:
        tell(source)
