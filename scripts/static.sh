# The checks that run nothing; sourced by scripts/check and the build.
echo "ruff"
"$PYTHON" -m ruff check .
"$PYTHON" -m ruff format --check --quiet .
echo "mypy"
"$PYTHON" -m mypy
echo "imports"
.venv/bin/lint-imports
