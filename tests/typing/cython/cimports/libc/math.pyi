# C's rounding, as seen by the type checker; only compiled code reaches it.
NAN: float

def llrint(value: float, /) -> int: ...
