"""Draws a face of plain shapes, nobody's, as a PPM file on standard output."""

import math
import sys

WIDTH, HEIGHT = 413, 531  # 35 mm x 45 mm at 300 dpi
BACKGROUND, SKIN, HAIR, COAT = (206, 210, 214), (226, 186, 158), (92, 66, 48), (44, 74, 112)
LIPS, WHITE, IRIS, PUPIL, BROW = (178, 96, 92), (246, 244, 240), (70, 104, 92), (18, 18, 20), (70, 50, 38)


def inside(x, y, centre_x, centre_y, radius_x, radius_y):
    """How far (x, y) lies inside an ellipse: 1 at its centre, 0 on its edge, below outside."""
    return 1 - math.hypot((x - centre_x) / radius_x, (y - centre_y) / radius_y)


def blend(below, above, share):
    share = min(max(share, 0.0), 1.0)
    return tuple(b + (a - b) * share for b, a in zip(below, above))


def shaded(colour, factor):
    return tuple(c * factor for c in colour)


def colour_at(x, y):
    # (centre x, centre y, radius x, radius y, colour, softness of the edge), drawn from back to front.
    light = 1.08 - 0.22 * x / WIDTH
    colour = shaded(BACKGROUND, 1.04 - 0.1 * y / HEIGHT)
    hair = shaded(HAIR, 1 + 0.28 * math.sin(x * 0.55 + 3 * math.sin(y * 0.045)))
    weave = shaded(COAT, 1 + 0.12 * math.sin(x * 0.9) * math.sin(y * 0.9))
    shapes = [
        (206, 232, 132, 166, hair, 0.03),
        (206, 560, 196, 142, weave, 0.01),
        (206, 420, 52, 74, shaded(SKIN, 0.86 * light), 0.04),
        (206, 262, 106, 146, shaded(SKIN, light), 0.02),
        (206, 138, 104, 44, hair, 0.1),
        (206, 290, 15, 30, shaded(SKIN, 1.06 * light), 0.9),
        (206, 318, 24, 8, shaded(SKIN, 0.82 * light), 0.5),
        (206, 354, 40, 10, LIPS, 0.15),
    ]
    for side in (-1, 1):
        eye = 206 + 44 * side
        shapes += [
            (206 + 106 * side, 270, 12, 30, shaded(SKIN, 0.9 * light), 0.1),
            (eye, 214, 26, 5, BROW, 0.4),
            (eye, 240, 20, 9, WHITE, 0.1),
            (eye, 240, 8, 8, IRIS, 0.15),
            (eye, 240, 4, 4, PUPIL, 0.2),
            (eye - 3, 237, 2, 2, WHITE, 0.3),
            (206 + 62 * side, 306, 24, 22, shaded(SKIN, 1.04), 2.5),
        ]
    for centre_x, centre_y, radius_x, radius_y, paint, softness in shapes:
        colour = blend(colour, paint, inside(x, y, centre_x, centre_y, radius_x, radius_y) / softness)
    return colour


def main():
    noise = 1
    pixels = bytearray()
    for y in range(HEIGHT):
        for x in range(WIDTH):
            # Grain, as of a camera: a linear congruential generator, the same for everybody.
            noise = (noise * 1664525 + 1013904223) & 0xFFFFFFFF
            grain = (noise >> 24) / 255 * 14 - 7
            pixels += bytes(min(max(round(c + grain), 0), 255) for c in colour_at(x, y))
    sys.stdout.buffer.write(b"P6\n%d %d\n255\n" % (WIDTH, HEIGHT) + pixels)


main()
