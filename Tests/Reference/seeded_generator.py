"""The numbers of Core's SeededGenerator, written again from its definition: xoshiro256** (Blackman and Vigna, 2018)
with a state from SplitMix64. Draws from a range and the order of a shuffle are those of Swift's standard library."""
import math

MASK = (1 << 64) - 1


class SeededGenerator:
    def __init__(self, seed):
        self.state = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & MASK
            z = seed
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            self.state.append(z ^ (z >> 31))

    def next(self):
        def rotated(x, by):
            return ((x << by) | (x >> (64 - by))) & MASK

        a, b, c, d = self.state
        result = (rotated((b * 5) & MASK, 7) * 9) & MASK
        c, d = c ^ a, d ^ b
        self.state = [a ^ d, b ^ c, c ^ ((b << 17) & MASK), rotated(d, 45)]
        return result

    def uniform(self):
        """A number from 0 to below 1, from the upper 53 bits."""
        return (self.next() >> 11) / (1 << 53)

    def normal(self):
        """The transform of Box and Muller."""
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())

    def below(self, bound):
        """A whole number from 0 to below the bound: the upper half of a product, without those that would make some
        results more frequent (Lemire, 2019)."""
        while True:
            product = self.next() * bound
            if product & MASK >= (1 << 64) % bound:
                return product >> 64

    def shuffled(self, items):
        """Each place in turn is swapped with itself or a later one."""
        items = list(items)
        for place in range(len(items) - 1):
            other = place + self.below(len(items) - place)
            items[place], items[other] = items[other], items[place]
        return items


def rounded(x):
    """The nearest whole number of one above 0. Halves are rounded up."""
    return math.floor(x + 0.5)


if __name__ == "__main__":
    # The first outputs that the authors of both generators publish.
    generator = SeededGenerator(0)
    assert generator.state[0] == 0xE220A8397B1DCDAF
    generator.state = [1, 2, 3, 4]
    assert [generator.next() for _ in range(4)] == [11520, 0, 1509978240, 1215971899390074240]
    print("the generator is right")
