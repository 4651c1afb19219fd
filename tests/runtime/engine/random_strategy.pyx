# The compiled twin of `RandomStrategy` in random_runs.py: the same numbers, so the same orders.
@cython.final
@cython.cclass
class Strategy(Base):
    close: cython.p_double
    seen: cython.p_double
    state: cython.longlong
    first_sum: cython.double
    second_sum: cython.double

    def __init__(self, close, seen, state):
        self.close = cython.cast(cython.p_double, cython.cast(cython.size_t, close))
        self.seen = cython.cast(cython.p_double, cython.cast(cython.size_t, seen))
        self.state = state
        self.first_sum = self.second_sum = 0.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def draw(self, below: cython.long) -> cython.long:
        self.state = (self.state * 1103515245 + 12345) & 2147483647
        return (self.state >> 8) % below

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def begin_again(self, book: Book, i: cython.long) -> cython.void:
        if i == 0:
            self.first_sum = 0.0
        else:
            self.second_sum = 0.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def signals(self, book: Book, r: cython.long, i: cython.long) -> cython.void:
        if i == 0:
            self.first_sum += self.seen[r]
        else:
            self.second_sum += self.seen[r]
        book.ends[i] = 1 if r % 11 == 0 else 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def decide(self, book: Book, r: cython.long) -> cython.void:
        i: cython.long
        k: cython.long
        for i in range(book.instruments):
            if book.fresh[i] == 1:
                for k in range(self.draw(3)):
                    self.order(book, r, i)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def order(self, book: Book, r: cython.long, i: cython.long) -> cython.void:
        close: cython.double = self.close[r]
        kind: cython.long
        portion_kind: cython.long
        portion: cython.double
        limit: cython.double
        group: cython.longlong
        k: cython.long
        total: cython.double = self.first_sum if i == 0 else self.second_sum
        close += 1.0 if total > 99.0 * (1 + r // 2) else 0.0
        if self.draw(3) == 0:
            kind = self.draw(6) + 1
            choose_lots(book, self.draw(4))
            portion_kind = self.draw(3) + 1
            portion = 0.5 * self.draw(3)
            limit = close + self.draw(9) - 4.0
            exit_position(book, self, i, 1, portion_kind, portion, kind, limit, close + self.draw(9) - 4.0)
            return
        if self.draw(5) == 0:
            self.ladder(book, i, close)
            return
        group = next_group(book) if self.draw(4) == 0 else 0
        for k in range(2 if group else 1):
            self.entry(book, i, close, group)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def ladder(self, book: Book, i: cython.long, close: cython.double) -> cython.void:
        side: cython.long = 1 - 2 * self.draw(2)
        count: cython.long = self.draw(4) + 2
        spacing: cython.long = self.draw(2) + 1
        first: cython.double = close - side * (self.draw(6) + 1.0)
        last: cython.double = first - side * self.draw(6)
        sizing: cython.long = self.draw(2) + 1
        amount: cython.double = self.draw(9) + 0.5 if sizing == SIZE_QUANTITY else 100.0 * self.draw(9)
        target_kind: cython.long = self.draw(2) * TARGET_NEXT_LEVEL
        life: cython.long = self.draw(5) + 1
        bars: cython.long = self.draw(3) if life == LIFE_BARS else 0
        lay_levels(book, 1, count, spacing, first, last)
        enter_levels(book, self, i, 0, side, sizing, amount, SIZE_NONE, 0.0, STOP_NONE, 0.0, target_kind, 0.0, life, bars)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def entry(self, book: Book, i: cython.long, close: cython.double, group: cython.longlong) -> cython.void:
        side: cython.long = 1 - 2 * self.draw(2)
        kind: cython.long = self.draw(6) + 1
        sizing: cython.long = self.draw(3) + 1
        amount: cython.double = self.draw(20) + 0.5 if sizing == SIZE_QUANTITY else 100.0 * self.draw(20)
        target_kind: cython.long = self.draw(4)
        target: cython.double = close + side * self.draw(12) if target_kind == TARGET_PRICE else 0.5 * self.draw(12)
        stop_kind: cython.long = self.draw(2)
        loss: cython.double = close - side * (self.draw(12) - 1.0)
        limit: cython.double = close + self.draw(9) - 4.0
        stop: cython.double = close + self.draw(9) - 4.0
        life: cython.long = self.draw(5) + 1
        reverse: cython.bint = self.draw(4) == 0
        period: cython.long
        at_most_kind: cython.long
        bars: cython.long
        if self.draw(2) == 0:
            period = self.draw(4) + 1
            rule_may_enter(book, i, 0, 2, period, self.draw(2) == 0)
        if self.draw(3) == 0:
            after_locate(book)
        at_most_kind = self.draw(2) * SIZE_NOTIONAL
        bars = self.draw(3) if life == LIFE_BARS else 0
        enter(book, self, i, 0, side, sizing, amount, at_most_kind, 900.0, kind, limit, stop, stop_kind, loss,
              target_kind, target, life, bars, group, reverse)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def deny_opening(self, book: Book, i: cython.long, side: cython.long, lots: cython.longlong,
                     price_ticks: cython.longlong, outlives_session: cython.bint) -> cython.long:
        return 5 if self.draw(16) == 0 else 0
