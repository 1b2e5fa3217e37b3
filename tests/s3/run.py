"""What does ``make test-s3`` run? The evidence store's checks against OpenStack Swift's S3.

What is missing is installed by root on Debian; anybody else is told what to install. The checks
are named ``check_*``, so that the everyday run passes them over.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.s3.swift import PART
from tests.system import install

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Install, run, and return the exit code of pytest."""
    install((PART,))
    if not PART.runs:
        print(f"install {' '.join(PART.packages)} first")
        return 1
    os.chdir(ROOT)
    arguments = ["-m", "pytest", "-n", "0", "-o", "python_files=check_*.py", "tests/s3"]
    return subprocess.run([sys.executable, *arguments, *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
