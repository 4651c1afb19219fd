# Workload A: the moving averages over 10 and 30 closes cross; long only, 100 units, at the next bar's open.
@cython.final
@cython.cclass
class Strategy(Base):
    close: cython.p_double
    fast_ring: cython.double[10]
    slow_ring: cython.double[30]
    fast_total: cython.double
    slow_total: cython.double
    fast_head: cython.long
    slow_head: cython.long
    count: cython.long
    before: cython.double
    now: cython.double

    def __init__(self, close):
        self.close = cython.cast(cython.p_double, cython.cast(cython.size_t, close))
        self.fast_total = self.slow_total = self.before = self.now = 0
        self.fast_head = self.slow_head = self.count = 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def signals(self, book: Book, r: cython.long, i: cython.long) -> cython.void:
        x: cython.double = self.close[r]
        if self.count < 10:
            self.fast_total += x
        else:
            self.fast_total += x - self.fast_ring[self.fast_head]
        self.fast_ring[self.fast_head] = x
        self.fast_head += 1
        if self.fast_head == 10:
            self.fast_head = 0
        if self.count < 30:
            self.slow_total += x
        else:
            self.slow_total += x - self.slow_ring[self.slow_head]
        self.slow_ring[self.slow_head] = x
        self.slow_head += 1
        if self.slow_head == 30:
            self.slow_head = 0
        self.count += 1
        self.before = self.now
        self.now = self.fast_total * (1 / 10.0) - self.slow_total * (1 / 30.0) if self.count >= 30 else NAN

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def decide(self, book: Book, r: cython.long) -> cython.void:
        if book.fresh[0] == 0:
            return
        if word_flat(book, 0) and self.before <= 0 and self.now > 0:
            enter(book, self, 0, 0, BUY, SIZE_QUANTITY, 100.0, SIZE_NONE, 0.0, KIND_MARKET, 0.0, 0.0, STOP_NONE, 0.0,
                  TARGET_NONE, 0.0, LIFE_DAY, 0, 0, False)
        if word_long(book, 0) and self.before >= 0 and self.now < 0:
            exit_position(book, self, 0, 1, PORTION_ALL, 1.0, KIND_MARKET, 0.0, 0.0)
