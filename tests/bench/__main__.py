"""Take every measurement and print one table: `./test --bench`, or `python -m tests.bench [part…]`."""

import sys

from tests.bench import (
    bench_caseload,
    bench_pages,
    bench_printing,
    bench_saving,
    bench_screens,
    bench_starting,
    bench_tablets,
)
from tests.bench.measure import printed

PARTS = {
    "screens": bench_screens,
    "pages": bench_pages,
    "saving": bench_saving,
    "tablets": bench_tablets,
    "printing": bench_printing,
    "starting": bench_starting,
    "caseload": bench_caseload,
}


def main() -> None:
    rows = []
    for name in sys.argv[1:] or PARTS:
        print(f"measuring: {name}", file=sys.stderr)
        rows += list(PARTS[name].rows())
    print(printed(rows))


if __name__ == "__main__":
    main()
