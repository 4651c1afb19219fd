# Workload B: exponential averages of 12 and 26, relative strength and true range of 14, bands of 20, channel of 55.
@cython.final
@cython.cclass
class Strategy:
    high: cython.p_double
    low: cython.p_double
    close: cython.p_double
    e12: cython.double
    e26: cython.double
    up: cython.double
    down: cython.double
    atr: cython.double
    before: cython.double
    ring: cython.double[20]
    total: cython.double
    squares: cython.double
    place: cython.long
    top: cython.double[64]
    top_at: cython.long[64]
    first: cython.long
    last: cython.long
    enters: cython.bint
    leaves: cython.bint

    def __init__(self, high, low, close):
        self.high = cython.cast(cython.p_double, cython.cast(cython.size_t, high))
        self.low = cython.cast(cython.p_double, cython.cast(cython.size_t, low))
        self.close = cython.cast(cython.p_double, cython.cast(cython.size_t, close))
        self.total = self.squares = self.up = self.down = 0
        self.place = self.first = self.last = 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def signals(self, book: Book, r: cython.long, i: cython.long) -> cython.void:
        h: cython.double = self.high[r]
        l: cython.double = self.low[r]
        c: cython.double = self.close[r]
        if r == 0:
            self.e12 = self.e26 = self.before = c
            self.atr = h - l
        self.e12 += (2.0 / 13) * (c - self.e12)
        self.e26 += (2.0 / 27) * (c - self.e26)
        d: cython.double = c - self.before
        u: cython.double = d if d > 0 else 0.0
        dn: cython.double = -d if d < 0 else 0.0
        self.up += (u - self.up) * (1.0 / 14)
        self.down += (dn - self.down) * (1.0 / 14)
        rsi: cython.double = 100.0 * self.up / (self.up + self.down)
        tr: cython.double = h - l
        a: cython.double = fabs(h - self.before)
        b: cython.double = fabs(l - self.before)
        if a > tr:
            tr = a
        if b > tr:
            tr = b
        self.atr += (tr - self.atr) * (1.0 / 14)
        y: cython.double = c - 100.0
        old: cython.double = self.ring[self.place]
        self.ring[self.place] = y
        self.place += 1
        if self.place == 20:
            self.place = 0
        if r >= 20:
            self.total += y - old
            self.squares += y * y - old * old
        else:
            self.total += y
            self.squares += y * y
        m: cython.double = self.total / 20
        var: cython.double = self.squares / 20 - m * m
        if var < 0:
            var = 0
        sd: cython.double = sqrt(var)
        hh: cython.double = self.top[self.first & 63] if self.first != self.last else -1.0
        self.enters = self.e12 > self.e26 and rsi < 75 and (c > 100.0 + m + 2 * sd or c > hh)
        self.leaves = self.e12 < self.e26 or c < 100.0 + m - 2 * sd
        while self.first != self.last and self.top[(self.last - 1) & 63] <= h:
            self.last -= 1
        self.top[self.last & 63] = h
        self.top_at[self.last & 63] = r
        self.last += 1
        while self.top_at[self.first & 63] <= r - 55:
            self.first += 1
        self.before = c

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def join_bars(self, book: Book) -> cython.void:
        pass

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def begin_again(self, book: Book, i: cython.long) -> cython.void:
        pass

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def decide(self, book: Book, r: cython.long) -> cython.void:
        if book.fresh[0] == 0:
            return
        if self.enters and word_bar(book, 0) > 1000 and word_flat(book, 0):
            enter(book, self, 0, 0, BUY, SIZE_NOTIONAL, 0.10 * word_cash(book, 0), SIZE_NONE, 0.0, KIND_MARKET, 0.0,
                  0.0, STOP_PRICE, self.close[r] - 2 * self.atr, TARGET_NONE, 0.0, LIFE_DAY, 0, 0, False)
        if self.leaves and word_long(book, 0):
            exit_position(book, self, 0, 1, PORTION_ALL, 1.0, KIND_MARKET, 0.0, 0.0)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def deny_opening(self, book: Book, i: cython.long, side: cython.long, lots: cython.longlong,
                     price_ticks: cython.longlong, outlives_session: cython.bint) -> cython.long:
        return 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_order(self, book: Book, i: cython.long, opening: cython.bint, side: cython.long, lots: cython.longlong,
                      price_ticks: cython.longlong) -> cython.void:
        pass

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_order_done(self, book: Book, i: cython.long, opening: cython.bint) -> cython.void:
        pass

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_fill(self, book: Book, i: cython.long, opening: cython.bint, side: cython.long, lots: cython.longlong,
                     price_ticks: cython.longlong, rule: cython.long) -> cython.void:
        pass

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_locate(self, book: Book, i: cython.long, lots: cython.longlong) -> cython.void:
        pass

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_new_day(self, book: Book, i: cython.long) -> cython.void:
        pass

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_mark(self, book: Book) -> cython.void:
        pass
