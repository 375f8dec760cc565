"""Prints where pyarrow keeps what C++ needs, as a CMake list: version; headers; libarrow; libparquet."""
import pathlib
import sys

import pyarrow


def library(name):
    """The one file of that library, in any of the wheel's folders: libarrow.so.2600."""
    for folder in pyarrow.get_library_dirs():
        found = sorted(pathlib.Path(folder).glob(f"lib{name}.so*"), key=lambda path: len(path.name))
        if found:
            return str(found[-1])
    sys.exit(f"pyarrow {pyarrow.__version__} carries no lib{name}")


print(pyarrow.__version__, pyarrow.get_include(), library("arrow"), library("parquet"), sep=";")
