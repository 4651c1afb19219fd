# kernel of lowest; meaning and reference: lowest.py
from highest cimport HighestState, highest_push, highest_reset, highest_room

cdef struct LowestState:
    HighestState mirrored

cdef inline long lowest_room(long length) noexcept nogil:
    return highest_room(length)

cdef inline void lowest_reset(LowestState* s, double* room, long length) noexcept nogil:
    highest_reset(&s.mirrored, room, length)

cdef inline double lowest_push(LowestState* s, double x) noexcept nogil:
    return -highest_push(&s.mirrored, -x)
